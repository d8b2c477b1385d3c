import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { detectPeriod } from './period.ts';

function series(length: number, value: (step: number) => number | undefined) {
  return Array.from({ length }, (_, step) => value(step));
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe('period detection', () => {
  it.each([2, 3, 7, 20, 60])('finds a sine of period %i in noise of half its size', (period) => {
    const random = new SeededRandom(`sine ${period}`);
    const found = detectPeriod(
      series(
        600,
        (step) => 50 + 10 * Math.cos((2 * Math.PI * step) / period) + random.normal(0, 3),
      ),
    );
    // A multiple would do as a season, but the shortest is asked for.
    expect(Math.abs((found?.lag ?? 0) - period)).toBeLessThanOrEqual(Math.ceil(period / 30));
  });

  it('finds bursts of two seconds each 17 s over a noisy level', () => {
    const random = new SeededRandom('bursts');
    const found = detectPeriod(
      series(300, (step) => 1000 + random.normal(0, 50) + (step % 17 < 2 ? 9000 : 0)),
    );
    expect(found?.lag).toBe(17);
  });

  it('finds bursts that came four times', () => {
    const random = new SeededRandom('rare');
    const found = detectPeriod(
      series(600, (step) => 1000 + random.normal(0, 50) + (step % 150 < 2 ? 9000 : 0)),
    );
    expect(found?.lag).toBe(150);
  });

  it('takes the whole period, not half of it, when every second burst is smaller', () => {
    const found = detectPeriod(series(400, (step) => ({ 0: 10, 12: 6 })[step % 24] ?? 0));
    expect(found?.lag).toBe(24);
  });

  it('takes the period, not a multiple of it', () => {
    const found = detectPeriod(series(600, (step) => (step % 10 === 0 ? 1 : 0)));
    expect(found?.lag).toBe(10);
  });

  it('bridges missing values', () => {
    const random = new SeededRandom('holes');
    const found = detectPeriod(
      series(600, (step) => (random.float() < 0.4 ? undefined : step % 25 < 5 ? 100 : 10)),
    );
    expect(found?.lag).toBe(25);
  });

  it('is not misled by a trend', () => {
    const found = detectPeriod(series(300, (step) => 5 * step + (step % 15 < 3 ? 100 : 0)));
    expect(found?.lag).toBe(15);
  });

  it.each([
    { kind: 'white noise', next: (_: number, random: SeededRandom) => random.normal() },
    {
      kind: 'noise with memory',
      next: (last: number, random: SeededRandom) => 0.9 * last + random.normal(),
    },
    { kind: 'a random walk', next: (last: number, random: SeededRandom) => last + random.normal() },
  ])('finds a period in $kind in at most 2 of 200 seeds', ({ next }) => {
    const found = seeds.filter((seed) => {
      const random = new SeededRandom(seed);
      let last = 0;
      return detectPeriod(series(600, () => (last = next(last, random)))) !== undefined;
    });
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it.each([
    { kind: 'nothing', values: [] },
    { kind: 'too little', values: [1, 2, 1, 2] },
    { kind: 'a constant', values: series(300, () => 1e9 / 3) },
    { kind: 'a line', values: series(300, (step) => 3 * step) },
    { kind: 'only missing values', values: series(300, () => undefined) },
  ])('finds none in $kind', ({ values }) => {
    expect(detectPeriod(values)).toBeUndefined();
  });
});
