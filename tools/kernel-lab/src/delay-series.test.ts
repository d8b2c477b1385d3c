import { expect, it } from 'vitest';
import { DelaySeries } from './delay-series.ts';

const batch = {
  lane: Uint16Array.of(0, 1, 0, 7),
  sentUnixMs: Float64Array.of(1_000, 1_000, 1_020, 1_020),
  delayMs: Float32Array.of(1, 2, 3, 4),
};

it('delays are kept lane by lane and read by the time of sending, end excluded', () => {
  const series = new DelaySeries({ laneCount: 2 });
  series.add(batch);
  expect(series.delays(0)).toEqual([1, 3]);
  expect(series.delays(1)).toEqual([2]);
  expect(series.delays(0, { fromUnixMs: 1_000, toUnixMs: 1_020 })).toEqual([1]);
});

it('a full lane leaves the newest out and counts them', () => {
  const series = new DelaySeries({ laneCount: 2, probesMax: 1 });
  series.add(batch);
  expect(series.delays(0)).toEqual([1]);
  expect(series.leftOut).toBe(2);
});
