import { expect, it } from 'vitest';
import type { ForecastView, LaneSample } from '../view.ts';
import { bandAhead, bandBehind } from './forecast-band.ts';

const forecast: ForecastView = {
  madeUnixMs: 10_000,
  model: 'm',
  abstained: [],
  levelBytesPerSecond: Array.from({ length: 10 }, () => ({ q50: 4, q99: 5 })),
  burst: {
    onsetUnixMs: 13_000,
    onsetSdSeconds: 0.5,
    confidence: 0.9,
    durationSeconds: 1,
    peakBytesPerSecondQ50: 16,
    peakBytesPerSecondQ90: 20,
  },
};

it('rises to the peak one deviation before the onset and falls at the end of the burst', () => {
  const band = bandAhead(forecast, 10_000);
  const at = (seconds: number) => band.find((point) => point.seconds === seconds);
  expect(at(2.25)).toMatchObject({ q50: 4, q99: 5 });
  expect(at(2.5)).toMatchObject({ q50: 4, q99: 20 });
  expect(at(3)).toMatchObject({ q50: 16, q99: 20 });
  expect(at(4)).toMatchObject({ q50: 16, q99: 20 });
  expect(at(4.25)).toMatchObject({ q50: 4, q99: 5 });
});

it('ends where the forecast ends when it has grown old', () => {
  const band = bandAhead({ ...forecast, burst: null }, 16_000);
  expect(band.at(-1)?.seconds).toBe(3.75);
});

it('shows behind what was forecast one second before, and nothing across a gap', () => {
  const samples = [0, 100, 900, 1_000, 1_100, 9_000].map(
    (timeUnixMs) => ({ timeUnixMs, ahead: { q50: timeUnixMs, q99: timeUnixMs } }) as LaneSample,
  );
  expect(bandBehind(samples).map((level) => level?.q50 ?? null)).toEqual([
    null,
    null,
    0,
    0,
    100,
    null,
  ]);
});
