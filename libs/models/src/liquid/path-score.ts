import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';
import { eachWindow, HORIZON, SEQUENCE } from '../bandwidth/bandwidth-windows.ts';
import type { ObservationWindow } from '../served-model.ts';
import { observationsOfPath } from './path-observation.ts';

/** A window that is scored, as a model sees it, and what came. */
export interface ScoredWindow {
  /** Index of the newest second it knows. */
  origin: number;
  window: ObservationWindow;
  /** Mean of the next ten seconds, bytes/s. */
  actual: number;
}

/**
 * Every window of a trace that counts (see `eachWindow`), cut as the service would hand it over.
 * @param stride only every so many-th of them; default 1
 */
export function scoredWindows(series: PathSeries, stride = 1): ScoredWindow[] {
  return eachWindow(series)
    .filter((_, index) => index % stride === 0)
    .map(({ origin, actual }) => {
      const from = Math.max(0, origin + 1 - SEQUENCE);
      const window = observationsOfPath(
        {
          stepMs: 1000,
          endUnixMs: series.startUnixMs ?? 0,
          bandwidth: series.bandwidthBytesPerSecond.subarray(from, origin + 1),
          roundTrip: series.roundTripSeconds.subarray(from, origin + 1),
          loss: series.lossRatio.subarray(from, origin + 1),
        },
        { hasClock: series.startUnixMs !== undefined },
      );
      return { origin, window, actual };
    });
}

/** Mean of the seconds of one forecast by the mean of the members. */
export function meanForecast(outputs: readonly (readonly number[])[]): number {
  const sum = outputs.reduce((total, own) => total + own.reduce((a, b) => a + b, 0), 0);
  return sum / (outputs.length * HORIZON);
}
