import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { drawArrivals } from './arrival-stream.ts';

describe('drawArrivals', () => {
  it('brings Poisson counts of the rate of each second, in order, with a mean work of one', () => {
    const rates = Float64Array.from({ length: 4000 }, (_, second) => (second % 2 === 0 ? 5 : 80));
    const { atMs, work } = drawArrivals(rates, new SeededRandom(1));
    const counts = new Float64Array(4000);
    for (const at of atMs) {
      counts[Math.floor(at / 1000)] = (counts[Math.floor(at / 1000)] as number) + 1;
    }
    expect(atMs).toEqual(atMs.toSorted());
    for (const [parity, rate] of [5, 80].entries()) {
      const own = counts.filter((_, second) => second % 2 === parity);
      const mean = own.reduce((sum, count) => sum + count, 0) / own.length;
      const variance = own.reduce((sum, count) => sum + (count - mean) ** 2, 0) / own.length;
      expect(Math.abs(mean - rate)).toBeLessThan(4 * Math.sqrt(rate / 2000));
      expect(variance / rate).toBeGreaterThan(0.87);
      expect(variance / rate).toBeLessThan(1.13);
    }
    expect(work.length).toBe(atMs.length);
    expect(work.reduce((sum, one) => sum + one, 0) / work.length).toBeCloseTo(1, 1.7);
  });

  it('is the same for the same seed, and knows seconds without any', () => {
    const draw = (seed: number) => drawArrivals([0, 50, 0], new SeededRandom(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw(3).atMs.every((at) => at >= 1000 && at < 2000)).toBe(true);
    expect(() => drawArrivals([Number.NaN], new SeededRandom(1))).toThrow(/rate/);
  });
});
