import { enumWord, type telemetry } from '@levitate/contracts';
import { bitRate, delay } from './figures.ts';
import { printable } from './printable.ts';
import { renderTable } from './table.ts';

/** Paths shown with their values; the others are counted. */
export const pathsShownMax = 20;

/** One path, as `levitate status -o json` prints it. */
export interface PathState extends Omit<telemetry.PathStatus, 'origin'> {
  readonly origin: string;
  /** Newest values; left out where they were not measured, and beyond `pathsShownMax`. */
  readonly bandwidthBytesPerSecond?: number | undefined;
  readonly roundTripSeconds?: number | undefined;
  readonly lossRatio?: number | undefined;
}

/** Telemetry's answers as one. @param newest of the path's window */
export function pathState(
  status: telemetry.PathStatus,
  newest: telemetry.PathSample | undefined,
): PathState {
  const { bandwidthBytesPerSecond, roundTripSeconds, lossRatio } = newest ?? {};
  const origin = enumWord(status.origin);
  return { ...status, origin, bandwidthBytesPerSecond, roundTripSeconds, lossRatio };
}

/** The same for a person, at most `pathsShownMax` of them; nothing where there is no path. */
export function pathLines(paths: readonly PathState[], nowUnixMs: number): string[] {
  if (paths.length === 0) return [];
  const rows = paths
    .slice(0, pathsShownMax)
    .map((each) => [
      printable(each.path),
      bitRate(each.bandwidthBytesPerSecond),
      delay(each.roundTripSeconds),
      each.lossRatio === undefined ? undefined : `${(100 * each.lossRatio).toFixed(1)} %`,
      each.origin,
      `${Math.max(0, Math.round((nowUnixMs - each.newestUnixMs) / 1000))} s ago`,
      each.samples,
      each.gaps,
    ]);
  const heads = ['PATH', 'BANDWIDTH', 'ROUND TRIP', 'LOSS', 'FROM', 'NEWEST', 'SAMPLES', 'GAPS'];
  const more = paths.length - rows.length;
  return [renderTable(heads, rows), ...(more > 0 ? [`and ${more} more; -o json has them`] : [])];
}
