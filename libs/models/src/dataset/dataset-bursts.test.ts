import type { Sample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import { HAZARD_BINS } from '../burst/burst-head.ts';
import { BURST_STEPS } from '../burst/burst-task.ts';
import type { BurstTrace } from '../burst/burst-trace.ts';
import { BURST_FEATURES } from '../burst/second-features.ts';
import { equalPieces, labelledBursts } from './dataset-bursts.ts';
import type { DatasetOnset } from './dataset-manifest.ts';

const source = { link: 'a', intervalMs: 100, origin: 'replay' } as const;
const START_UNIX_MS = 1_700_000_000_000;

/** A level of 1 MB/s with a burst of 0.5 s where one is asked for. */
function samplesOf(seconds: number, burstsS: readonly number[]): Sample[] {
  return Array.from({ length: seconds * 10 }, (_, index) => {
    const inBurst = burstsS.some((atS) => index >= atS * 10 && index < atS * 10 + 5);
    const timeUnixMs = START_UNIX_MS + (index + 1) * 100;
    const throughputBytesPerSecond = inBurst ? 8e6 : 1e6;
    return { ...source, timeUnixMs, throughputBytesPerSecond };
  });
}

const onset = (atS: number, magnitude?: number): DatasetOnset => ({
  ...{ name: 'a', timeUnixMs: START_UNIX_MS + atS * 1000, source: 'detected' as const },
  ...(magnitude !== undefined && { magnitude }),
});

describe('labelledBursts', () => {
  it('puts the time to the next onset and its magnitude beside each second', () => {
    const samples = samplesOf(40, [20.5]);
    const trace = labelledBursts({ name: 'a', samples, onsets: [onset(20.5, 8)] });
    expect(trace.count).toBe(40);
    expect(trace.timeS[14]).toBeCloseTo(5.5);
    expect(trace.logMagnitude[14]).toBeCloseTo(Math.log(8));
    expect(trace.timeS[5]).toBe(HAZARD_BINS);
    expect(trace.timeS[25]).toBe(HAZARD_BINS);
    // What comes in the ten seconds after the end nobody knows.
    expect(trace.timeS[35]).toBeNaN();
  });

  it('knows nothing beyond a burst that was not seen to its end', () => {
    const samples = samplesOf(40, [10.5, 20.5]);
    const onsets = [onset(10.5, 8), onset(20.5)];
    const trace = labelledBursts({ name: 'a', samples, onsets });
    expect(trace.count).toBe(20);
    expect(trace.timeS[5]).toBeCloseTo(4.5);
    expect(trace.timeS[15]).toBeNaN();
  });
});

/** A trace whose n-th second says n. */
function countingTrace(count: number): BurstTrace {
  const values = new Float32Array(count * BURST_FEATURES);
  for (let second = 0; second < count; second++) values[second * BURST_FEATURES] = second;
  const timeS = Float32Array.from({ length: count }, (_, second) => second);
  return { count, values, timeS, logMagnitude: new Float32Array(count) };
}

const firstValues = ({ values }: BurstTrace) => [values[0], values.at(-BURST_FEATURES)];

describe('equalPieces', () => {
  it('cuts longer traces into pieces of the shortest one, the last piece to the end', () => {
    const pieces = equalPieces([countingTrace(150), countingTrace(100)]);
    expect(pieces.map(({ count }) => count)).toEqual([100, 100, 100]);
    expect(pieces.map(firstValues)).toEqual([
      [0, 99],
      [50, 149],
      [0, 99],
    ]);
    expect(pieces[1]?.timeS[0]).toBe(50);
  });

  it('puts a short trace at the end of a window, with nothing known before it', () => {
    const [piece] = equalPieces([countingTrace(15)]);
    expect(piece?.count).toBe(BURST_STEPS);
    const { timeS } = piece as BurstTrace;
    expect(timeS.filter(Number.isNaN)).toHaveLength(BURST_STEPS - 15);
    expect([...timeS.slice(-15)]).toEqual(Array.from({ length: 15 }, (_, second) => second));
    expect(firstValues(piece as BurstTrace)).toEqual([0, 14]);
  });

  it('cuts a long trace into pieces of at most five minutes', () => {
    expect(equalPieces([countingTrace(600)]).map(firstValues)).toEqual([
      [0, 299],
      [300, 599],
    ]);
  });
});
