import { LinkForecaster } from '@levitate/forecast';
import { planTraffic } from '@levitate/traffic';
import { expect, it } from 'vitest';
import {
  constantForecasts,
  perfectForecasts,
  realForecasts,
  shuffledForecasts,
  streamOf,
} from './forecast-streams.ts';
import { poolTrace, START_UNIX_MS } from './slow-resource-run.ts';

const trace = poolTrace(
  planTraffic({
    kind: 'periodic',
    seed: 3,
    durationMs: 240_000,
    basePps: [1000, 1000],
    intervalS: [15, 15],
    drainBytesPerSecond: 30e6,
    burst: { by: 'amplitude', lengthS: [1, 1] },
  }),
);
const real = realForecasts(trace, new LinkForecaster({ link: 'pool' }));

it('real forecasts come every 500 ms and announce bursts that follow a rule', () => {
  expect(real).toHaveLength(480);
  expect(real.slice(-120).some(({ burstPredicted }) => burstPredicted)).toBe(true);
});

it('perfect forecasts name the true onset wherever one lies within the horizon', () => {
  for (const { burstPredicted, madeUnixMs, timeToBurstS } of perfectForecasts(trace, real)) {
    const atMs = madeUnixMs - START_UNIX_MS;
    const next = trace.plan.bursts.find(({ timeMs }) => timeMs >= atMs)?.timeMs ?? Infinity;
    expect(burstPredicted).toBe(next - atMs <= 10_000);
    if (burstPredicted) expect(atMs + 1000 * timeToBurstS).toBeCloseTo(next, 3);
  }
});

it('shuffled forecasts are the same ones at other times, alike for a seed', () => {
  const shuffled = shuffledForecasts(real, 'a');
  const times = (list: typeof real) => list.map(({ timeToBurstS }) => timeToBurstS).toSorted();
  expect(times(shuffled)).toEqual(times(real));
  expect(shuffled.map(({ madeUnixMs }) => madeUnixMs)).toEqual(real.map((f) => f.madeUnixMs));
  expect(shuffled).toEqual(shuffledForecasts(real, 'a'));
  expect(shuffled).not.toEqual(shuffledForecasts(real, 'b'));
});

it('constant forecasts announce the same burst at all times', () => {
  const sizes = new Set(constantForecasts(real).map((f) => f.peakBytesPerSecond.q90));
  expect(sizes.size).toBe(1);
  expect(constantForecasts(real).every(({ burstPredicted }) => burstPredicted)).toBe(true);
});

it('a stream gives at each tick the newest forecast that is known', () => {
  const stream = streamOf(real);
  expect([0, 4, 5, 9].map((tick) => real.indexOf(stream(tick) as never))).toEqual([0, 0, 1, 1]);
});
