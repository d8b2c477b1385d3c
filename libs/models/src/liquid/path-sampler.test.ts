import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { bootstrapped, PathSampler, STRETCH_S } from './path-sampler.ts';

const SENSES = { roundTrip: false, loss: false, clock: false };

function constant(rate: number, seconds: number) {
  const unknown = new Float64Array(seconds).fill(Number.NaN);
  const bandwidthBytesPerSecond = unknown.map(() => rate);
  return { bandwidthBytesPerSecond, roundTripSeconds: unknown, lossRatio: unknown };
}

describe('PathSampler', () => {
  it('draws sources by their shares, however long their traces are', () => {
    const sources = [
      { name: 'slow', series: [constant(1e5, 200)], share: 1 },
      { name: 'fast', series: [constant(1e7, 5000)], share: 3 },
    ];
    const sampler = new PathSampler(sources, SENSES);
    const random = new SeededRandom(1);
    const rates = Array.from({ length: 400 }, () => sampler.draw(random).meanRate);
    expect(rates.filter((rate) => rate === 1e7).length / 400).toBeCloseTo(0.75, 1);
  });

  it('leaves seconds out of one stretch in three and says so in its timespans', () => {
    const sampler = new PathSampler(
      [{ name: 'a', series: [constant(1e6, 600)], share: 1 }],
      SENSES,
    );
    const random = new SeededRandom(2);
    const drawn = Array.from({ length: 90 }, () => sampler.draw(random).example);
    const thinned = drawn.filter(({ steps }) => steps < STRETCH_S);
    expect(thinned.length).toBeGreaterThan(15);
    expect(thinned.length).toBeLessThan(45);
    expect(thinned.some(({ timespans }) => timespans.includes(2))).toBe(true);
  });

  it('gives the same stretches for the same seed', () => {
    const sources = [{ name: 'a', series: [constant(1e6, 600)], share: 1 }];
    const draw = () => new PathSampler(sources, SENSES).draw(new SeededRandom(3));
    expect(draw()).toEqual(draw());
  });
});

it('bootstrapped keeps sizes and shares and repeats some traces', () => {
  const series = Array.from({ length: 20 }, (_, index) => constant(index, 10));
  const sources = [{ name: 'a', series, share: 0.5 }];
  const [own] = bootstrapped(sources, new SeededRandom(4));
  expect(own).toMatchObject({ name: 'a', share: 0.5 });
  expect(own?.series).toHaveLength(20);
  expect(new Set(own?.series).size).toBeLessThan(18);
});
