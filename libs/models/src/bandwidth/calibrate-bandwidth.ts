import { encodeWindow, type LearnedInputs } from './bandwidth-features.ts';
import type { BandwidthForecaster } from './bandwidth-forecaster.ts';
import type { BandwidthQuantiles, ConformalOffsets } from './bandwidth-outputs.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { eachWindow, HORIZON } from './bandwidth-windows.ts';
import { conformalOffsets, type ScaledInterval } from './conformal-offsets.ts';
import { windowBefore } from './cut-series.ts';

/** Every so many windows are looked at; neighbours say nearly the same. */
const STRIDE = 3;
/** Beyond each bound of an 80 % interval. */
const TAIL = 0.1;

/**
 * Offsets for the quantiles of a forecaster that states none yet, from traces it did not learn
 * from. Every set counts the same, however many windows it has.
 */
export function calibrateBandwidth(
  forecaster: BandwidthForecaster,
  { traces, learned }: { traces: readonly BandwidthTrace[]; learned: LearnedInputs },
): ConformalOffsets {
  const counts = new Map<string, number>();
  const windowsOf = ({ series }: BandwidthTrace) =>
    eachWindow(series).filter((_, index) => index % STRIDE === 0);
  for (const trace of traces) {
    counts.set(trace.set, (counts.get(trace.set) ?? 0) + windowsOf(trace).length);
  }
  const horizon: ScaledInterval[] = [];
  const steps: ScaledInterval[][] = Array.from({ length: HORIZON }, () => []);
  for (const trace of traces) {
    const { series } = trace;
    const windows = windowsOf(trace);
    const paths = windows.map(({ origin }) => windowBefore(series, origin));
    const forecasts = forecaster.forecasts(paths);
    const weight = 1 / (counts.get(trace.set) ?? 1);
    for (const [index, { origin, actual }] of windows.entries()) {
      const path = paths[index] as (typeof paths)[number];
      const forecast = forecasts[index] as (typeof forecasts)[number];
      const unit = encodeWindow(path, { learned });
      const scale = unit.scale.at(-1) as number;
      horizon.push({ ...scaled(forecast.mean, { actual, scale }), weight });
      for (const [step, cases] of steps.entries()) {
        const came = series.bandwidthBytesPerSecond[origin + 1 + step] ?? Number.NaN;
        const stated = forecast.steps[step];
        if (Number.isNaN(came) || stated === undefined) continue;
        cases.push({ ...scaled(stated, { actual: came, scale }), weight });
      }
    }
  }
  return {
    horizon: conformalOffsets(horizon, { tail: TAIL }),
    steps: steps.map((cases) => conformalOffsets(cases, { tail: TAIL })),
  };
}

function scaled(
  { q10, q90 }: BandwidthQuantiles,
  { actual, scale }: { actual: number; scale: number },
): Omit<ScaledInterval, 'weight'> {
  return { low: q10 / scale, high: q90 / scale, actual: actual / scale };
}
