import type { PathWindow } from '../served-model.ts';
import type { PathSeries } from './bandwidth-trace.ts';
import { SEQUENCE } from './bandwidth-windows.ts';

/** The seconds from `from` to before `to` of a trace as a window; views, no copies. */
export function cutSeries(series: PathSeries, from: number, to: number): PathWindow {
  const { startUnixMs = Number.NaN } = series;
  return {
    stepMs: 1000,
    endUnixMs: startUnixMs + 1000 * to,
    bandwidth: series.bandwidthBytesPerSecond.subarray(from, to),
    roundTrip: series.roundTripSeconds.subarray(from, to),
    loss: series.lossRatio.subarray(from, to),
  };
}

/** The newest 100 s that a forecast made after second `origin` may know. */
export function windowBefore(series: PathSeries, origin: number): PathWindow {
  return cutSeries(series, Math.max(0, origin + 1 - SEQUENCE), origin + 1);
}
