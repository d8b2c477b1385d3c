import type { BurstForecast, LinkForecaster } from '@levitate/forecast';
import type { GeneratedLink } from '@levitate/models';
import { OnsetDetector } from '@levitate/traffic';

/** What a simple alarm may know of one second of a link. */
export interface LinkSecond {
  /** End of the second, milliseconds of the trace. */
  atMs: number;
  /** Highest 100 ms rate of the second, bytes/s. */
  peak: number;
  /** Mean rate of the second, bytes/s. */
  mean: number;
  /** Median rate outside bursts, bytes/s; 0 while unknown. */
  baseline: number;
  inBurst: boolean;
  /** The newest onsets the detector has seen, at most two, oldest first, milliseconds. */
  lastOnsetsMs: readonly number[];
}

/** A generated link as it was seen and forecast, second by second. */
export interface ForecastLink {
  seconds: LinkSecond[];
  /** What each way of forecasting said at the end of each second, by name. */
  forecasts: Record<string, BurstForecast[]>;
  /** True onsets, milliseconds of the trace. */
  onsetsMs: number[];
  endMs: number;
}

const SAMPLES_PER_SECOND = 10;

/** Ways of forecasting a link, by name. */
export type Ways = Readonly<Record<string, () => LinkForecaster>>;

/** Run a link through forecasters, one forecast a second, and note the seconds. */
export function forecastLink(
  { plan, startUnixMs, samples }: GeneratedLink,
  ways: Ways,
): ForecastLink {
  const forecasters = Object.entries(ways).map(([name, make]) => ({
    name,
    forecaster: make(),
    said: [] as BurstForecast[],
  }));
  const detector = new OnsetDetector();
  const seconds: LinkSecond[] = [];
  let lastOnsetsMs: number[] = [];
  let sum = 0;
  let peak = 0;
  let count = 0;
  let isAnyInBurst = false;
  for (const sample of samples) {
    for (const { forecaster } of forecasters) forecaster.learn(sample);
    const { onset, inBurst } = detector.observe(sample);
    if (onset) lastOnsetsMs = [...lastOnsetsMs.slice(-1), onset.timeUnixMs - startUnixMs];
    const rate = sample.throughputBytesPerSecond ?? 0;
    sum += rate;
    peak = Math.max(peak, rate);
    isAnyInBurst ||= inBurst;
    count += 1;
    if (count < SAMPLES_PER_SECOND) continue;
    for (const { forecaster, said } of forecasters) said.push(forecaster.forecast());
    seconds.push({
      atMs: sample.timeUnixMs - startUnixMs,
      peak,
      mean: sum / count,
      baseline: detector.baselineBytesPerSecond ?? 0,
      inBurst: isAnyInBurst,
      lastOnsetsMs,
    });
    [sum, peak, count, isAnyInBurst] = [0, 0, 0, false];
  }
  const onsetsMs = plan.bursts.map(({ timeMs }) => timeMs);
  const forecasts = Object.fromEntries(forecasters.map(({ name, said }) => [name, said]));
  return { seconds, forecasts, onsetsMs, endMs: plan.durationMs };
}
