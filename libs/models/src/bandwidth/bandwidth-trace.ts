import type { PathTrace } from '@levitate/traffic';
import type { BandwidthSetName } from './bandwidth-sets.ts';

/** A trace of a path in steps of one second, as columns; what was not measured is NaN. */
export interface PathSeries {
  bandwidthBytesPerSecond: Float64Array;
  roundTripSeconds: Float64Array;
  /** 0 to 1. */
  lossRatio: Float64Array;
  /** Of the first second; absent where the trace has a clock of its own. */
  startUnixMs?: number | undefined;
}

/** One file of a set. */
export interface BandwidthTrace {
  set: BandwidthSetName;
  /** Its name below the folder of its kind. */
  file: string;
  /** Of the file as it lies there. */
  sha256: string;
  series: PathSeries;
}

/** The columns of a trace. */
export function pathSeries({ intervals }: PathTrace): PathSeries {
  const column = (read: (interval: (typeof intervals)[number]) => number | undefined) =>
    Float64Array.from(intervals, (interval) => read(interval) ?? Number.NaN);
  return {
    bandwidthBytesPerSecond: column((interval) => interval?.bandwidthBytesPerSecond),
    roundTripSeconds: column((interval) => interval?.roundTripSeconds),
    lossRatio: column((interval) => interval?.lossRatio),
  };
}
