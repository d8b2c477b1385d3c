import { describe, expect, it } from 'vitest';
import { SOJOURN_BUCKETS, SOJOURN_UNIT_S } from './layout.ts';
import { Sojourn } from './sojourn.ts';

/** The bucket of a delay by the words of the header: eight an octave above the first eight. */
function bucketOf(seconds: number): number {
  const value = Math.floor(seconds / SOJOURN_UNIT_S);
  if (value < 8) return value;
  const log = Math.floor(Math.log2(value));
  return Math.min(SOJOURN_BUCKETS - 1, (log - 2) * 8 + (Math.floor(value / 2 ** (log - 3)) & 7));
}

function counting(cpus = 2) {
  const words = new Uint32Array(2 * cpus * SOJOURN_BUCKETS);
  const sojourn = new Sojourn();
  const place = { words, cpus, links: 2, link: 0 };
  sojourn.take(place);
  return {
    words,
    add(seconds: number, count = 1, cpu = 0) {
      const at = 2 * cpu * SOJOURN_BUCKETS + bucketOf(seconds);
      words[at] = (words[at] ?? 0) + count;
    },
    take: () => sojourn.take(place),
  };
}

describe('Sojourn', () => {
  it('gives quantiles of the packets since the last read, within an eighth', () => {
    const { add, take } = counting();
    for (let delay = 1; delay <= 100; delay++) add(delay / 1000, 10, delay % 2);
    const { p50 = 0, p95 = 0, p99 = 0 } = take() ?? {};
    expect(p50 / 0.05).toBeCloseTo(1, 0);
    expect(Math.abs(p50 / 0.05 - 1)).toBeLessThan(0.125);
    expect(Math.abs(p95 / 0.095 - 1)).toBeLessThan(0.125);
    expect(Math.abs(p99 / 0.099 - 1)).toBeLessThan(0.125);
    add(0.2);
    expect((take()?.p50 ?? 0) / 0.2).toBeGreaterThan(0.875);
  });

  it('says nothing of an interval in which no packet left', () => {
    const { add, take } = counting();
    add(0.01);
    expect(take()).toBeDefined();
    expect(take()).toBeUndefined();
  });

  it('says nothing the first time, when it is not known since when', () => {
    const words = new Uint32Array(2 * SOJOURN_BUCKETS).fill(5);
    expect(new Sojourn().take({ words, cpus: 1, links: 2, link: 0 })).toBeUndefined();
  });

  it('survives counts that wrap', () => {
    const { words, take } = counting(1);
    words[40] = 0xffff_fffe;
    take();
    words[40] = 3;
    words[41] = 0;
    expect(take()?.p99).toBeGreaterThan(0);
  });

  it('has a bound for what is longer than two seconds', () => {
    const { add, take } = counting();
    add(30, 100);
    expect(take()?.p99).toBeGreaterThan(2);
    expect(take()?.p99).toBeUndefined();
  });
});
