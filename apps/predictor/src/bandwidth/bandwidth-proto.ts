import type { predictor } from '@levitate/contracts';
import type { WindowForecast } from './bandwidth-engine.ts';
import { STEP_MS } from './path-window.ts';

/** For the wire. */
export function bandwidthToProto(of: {
  path: string;
  madeUnixMs: number;
  forecast: WindowForecast;
  trafficClass?: string;
  steps?: number;
}): predictor.BandwidthForecastInit {
  const { path, madeUnixMs, forecast, trafficClass = '' } = of;
  return {
    path,
    madeUnixMs,
    stepSeconds: STEP_MS / 1000,
    steps: forecast.steps.slice(0, of.steps).map(({ mean, q10, q50, q90 }) => ({
      meanBytesPerSecond: mean,
      q10BytesPerSecond: q10,
      q50BytesPerSecond: q50,
      q90BytesPerSecond: q90,
    })),
    abstained: [...forecast.abstained],
    trafficClass,
    model: forecast.model,
    backend: forecast.backend,
    cached: forecast.cached,
  };
}
