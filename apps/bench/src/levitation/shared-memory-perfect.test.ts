import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { PerfectQueueForecaster } from './shared-memory-perfect.ts';
import { START_UNIX_MS } from './shared-memory-trace.ts';

const bursts = [20_000, 40_000].map((timeMs) => ({
  timeMs,
  durationMs: 50,
  peakPps: 1,
  excessBytes: 1,
}));

function forecastAt(timeMs: number) {
  const forecaster = new PerfectQueueForecaster({ bursts, needBytes: [7, 9] });
  const sample = { link: 'a', timeUnixMs: START_UNIX_MS + timeMs } as Sample;
  forecaster.learn(sample);
  return forecaster.forecast();
}

it('announces the next burst within its horizon, with its time and its room', () => {
  expect(forecastAt(9_000)).toMatchObject({ burstPredicted: false, confidence: 0 });
  expect(forecastAt(12_500)).toMatchObject({
    burstPredicted: true,
    timeToBurstS: 7.5,
    timeSdS: 0,
    needBytes: { q50: 7, q99: 7 },
  });
  expect(forecastAt(31_000)).toMatchObject({ timeToBurstS: 9, needBytes: { q99: 9 } });
  expect(forecastAt(50_000)).toMatchObject({ burstPredicted: false });
});

it('tells the length of the burst that is under way', () => {
  expect(forecastAt(20_100)).toMatchObject({ burstPredicted: false, durationS: { q99: 0.05 } });
});
