import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOnsets } from './label-onsets.ts';

const rowsOf = (values: readonly (number | undefined)[]) =>
  values.map((value, index) => ({ timeMs: index * 1000, value }));
const calm = Array<number>(30).fill(10);

describe('labelOnsets', () => {
  it('labels one row at 3x the median of the 30 s before, at 1 s resolution', () => {
    expect(labelOnsets(rowsOf([...calm, 30, 10, 10, 10, 10, 10, 10]))).toEqual([
      { timeMs: 30_000, durationMs: 1000, baseline: 10, peak: 30 },
    ]);
    expect(labelOnsets(rowsOf([...calm, 29.9, 10]))).toEqual([]);
  });

  it('ends a burst after 5 s below 2x, and joins what comes sooner', () => {
    const joined = labelOnsets(rowsOf([...calm, 50, 10, 10, 10, 10, 40, 10, 10, 10, 10, 10]));
    expect(joined).toEqual([{ timeMs: 30_000, durationMs: 6000, baseline: 10, peak: 50 }]);
    const apart = labelOnsets(rowsOf([...calm, 50, 10, 10, 10, 10, 10, 40]));
    expect(apart.map(({ timeMs }) => timeMs)).toEqual([30_000, 36_000]);
  });

  it('keeps bursts out of the baseline', () => {
    const values = [...calm, ...Array<number>(40).fill(100), ...calm, 31];
    const labels = labelOnsets(rowsOf(values));
    expect(labels.map(({ timeMs, baseline }) => [timeMs, baseline])).toEqual([
      [30_000, 10],
      [100_000, 10],
    ]);
  });

  it('holds the baseline at a tenth of the mean so far at least', () => {
    // Mean so far 40 x 100 / 70 and less; a tenth of it is above 0, and 1 is no onset over 0.
    const values = [...Array<number>(40).fill(100), ...Array<number>(31).fill(0), 1, 0];
    expect(labelOnsets(rowsOf(values))).toEqual([]);
    expect(labelOnsets(rowsOf([...values, 40]))).toHaveLength(1);
  });

  it('takes missing rows neither for an end nor for a start', () => {
    const values = [...calm, 50, undefined, undefined, undefined, 45, undefined];
    expect(labelOnsets(rowsOf(values))).toEqual([
      { timeMs: 30_000, durationMs: 5000, baseline: 10, peak: 50 },
    ]);
  });

  it('wants 200 ms of them at 100 ms resolution', () => {
    const rows = (loud: number) =>
      Array.from({ length: 400 }, (_, index) => ({
        timeMs: index * 100,
        value: index >= 320 && index < 320 + loud ? 50 : 10,
      }));
    expect(labelOnsets(rows(1), { stepMs: 100 })).toEqual([]);
    expect(labelOnsets(rows(2), { stepMs: 100 })).toHaveLength(1);
  });

  it('gives bursts in order, apart, and none from a constant rate', () => {
    const values = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 31, maxLength: 300 });
    fc.assert(
      fc.property(values, (list) => {
        const labels = labelOnsets(rowsOf(list));
        labels.forEach((label, index) => {
          expect(label.peak).toBeGreaterThanOrEqual(3 * label.baseline);
          const next = labels[index + 1];
          if (next) expect(next.timeMs - label.timeMs).toBeGreaterThan(label.durationMs);
        });
        expect(labelOnsets(rowsOf(list.map(() => 7)))).toEqual([]);
      }),
    );
  });
});
