import type { Network } from '@levitate/neural';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { HEAD_OUTPUTS } from './burst-head.ts';
import { LearnedOnsetForecaster } from './learned-onset-forecaster.ts';

const START_MS = 1_700_000_000_000;

/** A network that is sure of an onset within the third second, whatever it is shown. */
const insistent = {
  openState: () => undefined,
  step: () => Float32Array.from({ length: HEAD_OUTPUTS }, (_, at) => (at === 2 ? 9 : -9)),
} as unknown as Network;

function sampleAt(timeMs: number): Sample {
  return {
    link: 'a',
    timeUnixMs: START_MS + timeMs,
    intervalMs: 100,
    throughputBytesPerSecond: 1e6,
    packetsPerSecond: 700,
    origin: 'simulated',
  };
}

function play(options: { untilMs: number; onsetMs?: number }): LearnedOnsetForecaster {
  const settings = { slope: 1, intercept: 0, announceFrom: 0.8 };
  const forecaster = new LearnedOnsetForecaster({ network: insistent, settings });
  for (let timeMs = 100; timeMs <= options.untilMs; timeMs += 100) {
    const onset = timeMs === options.onsetMs ? { timeUnixMs: START_MS + timeMs } : undefined;
    const sample = sampleAt(timeMs);
    forecaster.learn({ sample, onset: onset as never, inBurst: onset !== undefined });
  }
  return forecaster;
}

it('counts the time down between the seconds that the network sees', () => {
  const [first, later] = [20_000, 20_400].map((untilMs) => {
    const { timeS } = play({ untilMs }).forecast(10) as { timeS: number };
    return timeS;
  }) as [number, number];
  expect(Math.abs(first - 2.5)).toBeLessThanOrEqual(1);
  expect(first - later).toBeCloseTo(0.4, 9);
});

it('says nothing of the next burst from what it saw before this one came', () => {
  const came = { onsetMs: 20_400 };
  expect(play({ ...came, untilMs: 20_300 }).forecast(10).abstained).toBeUndefined();
  expect(play({ ...came, untilMs: 20_900 }).forecast(10)).toEqual({ abstained: 'in-burst' });
  expect(play({ ...came, untilMs: 21_000 }).forecast(10).abstained).toBeUndefined();
});

it('says nothing before the network has settled', () => {
  expect(play({ untilMs: 7_000 }).forecast(10)).toEqual({ abstained: 'no-data' });
});
