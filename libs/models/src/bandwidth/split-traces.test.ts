import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { splitTraces } from './split-traces.ts';

/** Traces of rising difficulty: a level with more and more noise on it. */
function traces(count: number): BandwidthTrace[] {
  const random = new SeededRandom('traces');
  return Array.from({ length: count }, (_, index) => {
    const values = Float64Array.from({ length: 150 }, () =>
      Math.max(0, random.normal(1000, 10 * (index + 1))),
    );
    const empty = new Float64Array(150).fill(Number.NaN);
    const series = { bandwidthBytesPerSecond: values, roundTripSeconds: empty, lossRatio: empty };
    return { set: index % 2 === 0 ? '4g' : '5g', file: `${index}.csv`, sha256: '', series };
  });
}

describe('splitTraces', () => {
  it('gives 60, 20 and 20 % of each set', () => {
    const all = traces(60);
    const parts = splitTraces(all, 1);
    for (const set of ['4g', '5g']) {
      const of = (part: string) =>
        all.filter((trace, index) => trace.set === set && parts[index] === part).length;
      expect([of('training'), of('validation'), of('test')]).toEqual([18, 6, 6]);
    }
  });

  it('depends on seed and files, not on their order', () => {
    const all = traces(40);
    const parts = splitTraces(all, 1);
    expect(splitTraces(all.toReversed(), 1).toReversed()).toEqual(parts);
    expect(splitTraces(all, 2)).not.toEqual(parts);
  });

  it('puts easy and hard traces into every part', () => {
    const all = traces(60);
    const parts = splitTraces(all, 3);
    for (const part of ['training', 'validation', 'test']) {
      const at = parts.flatMap((each, index) => (each === part ? [index] : []));
      expect(Math.min(...at)).toBeLessThan(20);
      expect(Math.max(...at)).toBeGreaterThanOrEqual(40);
    }
  });
});
