import type { PathSample } from '@levitate/series';
import {
  type TraceKind,
  type TraceRow,
  traceIntervals,
  traceResolutionMs,
} from '@levitate/traffic';
import type { ReplaySeries } from './replay-series.ts';

/** What one interval of a trace says of a path. */
export type PathInterval = Pick<
  PathSample,
  'bandwidthBytesPerSecond' | 'roundTripSeconds' | 'lossRatio'
>;

/** Kinds whose rows are what a path delivered. */
export const pathTraceKinds = [
  '5g-udp-loss-100ms',
  '5g-throughput-1s',
  '5g-download-1s',
  'lte-nyc-1s',
  'bandwidth-lumos5g-4g-1s',
  'bandwidth-lumos5g-5g-1s',
  'bandwidth-oboe-1s',
] as const satisfies readonly TraceKind[];

/** @see pathTraceKinds */
export type PathTraceKind = (typeof pathTraceKinds)[number];

/**
 * Cuts a trace into intervals, each the mean of its rows; loss is what was lost of all that was
 * sent in it. What a kind does not have, or a row does not say, is missing, and a hole in the trace
 * stays a hole.
 *
 * @param options.rows in order of time, as `parseTrace` gives them
 * @param options.intervalMs shortest interval, milliseconds of the trace
 */
export function pathReplaySeries(options: {
  kind: PathTraceKind;
  rows: readonly TraceRow[];
  intervalMs: number;
}): ReplaySeries<PathInterval> {
  const { kind, rows } = options;
  // The udp kind has files of 100 ms and of 500 ms; the others are of a second, holes or not.
  const resolutionMs = kind === '5g-udp-loss-100ms' ? traceResolutionMs(rows) : 1000;
  const bytesPerSecond = bytesPerSecondOf(kind, resolutionMs);
  const cut = traceIntervals({ rows, intervalMs: options.intervalMs, resolutionMs });
  const intervals = cut.intervals.map((bin): PathInterval | undefined => {
    const interval: PathInterval = {
      bandwidthBytesPerSecond: scaled(meanOf(bin.map(({ value }) => value)), bytesPerSecond),
      roundTripSeconds: scaled(meanOf(bin.map(({ fields }) => fields.ping_ms)), 0.001),
      lossRatio: lossOf(bin),
    };
    return Object.values(interval).every((value) => value === undefined) ? undefined : interval;
  });
  return { intervalMs: cut.intervalMs, intervals };
}

/** Bytes per second in one unit of the kind's value. */
function bytesPerSecondOf(kind: PathTraceKind, resolutionMs: number): number {
  switch (kind) {
    case '5g-udp-loss-100ms':
      return 1000 / resolutionMs;
    case '5g-throughput-1s':
    case '5g-download-1s':
      return 125;
    default:
      return 125_000;
  }
}

/** Reordering makes `lost_packets` of a row negative; the rows beside it make up for that. */
function lossOf(rows: readonly TraceRow[]): number | undefined {
  let lost = 0;
  let sent = 0;
  for (const { fields } of rows) {
    const { lost_packets, total_packets } = fields;
    if (typeof lost_packets !== 'number' || typeof total_packets !== 'number') continue;
    lost += lost_packets;
    sent += total_packets;
  }
  return sent > 0 ? Math.min(1, Math.max(0, lost / sent)) : undefined;
}

function meanOf(values: readonly (number | string | undefined)[]): number | undefined {
  const known = values.filter((value): value is number => typeof value === 'number' && value >= 0);
  if (known.length === 0) return undefined;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
