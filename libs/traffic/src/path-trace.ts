import type { TraceRow } from './parse-trace.ts';
import { traceIntervals, traceResolutionMs } from './trace-intervals.ts';
import type { TraceKind } from './trace-kinds.ts';

/** What one interval of a trace says of a path; what it does not say is missing. */
export interface PathInterval {
  /** What the path delivered, mean over the interval. */
  bandwidthBytesPerSecond?: number | undefined;
  /** Time to the peer and back, mean over the interval. */
  roundTripSeconds?: number | undefined;
  /** Lost of what was sent in the interval, 0 to 1. */
  lossRatio?: number | undefined;
}

/** A trace of a path, cut into equal intervals. */
export interface PathTrace {
  /** Length of each on the trace's own clock, milliseconds. */
  intervalMs: number;
  /** An interval of which the trace says nothing is `undefined`. */
  intervals: readonly (PathInterval | undefined)[];
}

/** Kinds of traces that were measured along a path: bandwidth, and with some round trip or loss. */
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
 * What a trace says of a path. Losses are the sum of an interval's over what was sent in it; a
 * negative one (datagrams that came late were counted lost before) counts as none.
 * @param options.rows in order of time, as `parseTrace` gives them
 * @param options.intervalMs shortest interval, milliseconds of the trace; default 1,000 (SPEC 2)
 * @throws RangeError where that makes more than 8,640,000 intervals
 */
export function pathTrace(options: {
  kind: PathTraceKind;
  rows: readonly TraceRow[];
  intervalMs?: number;
}): PathTrace {
  const { kind, rows, intervalMs: shortestMs = 1000 } = options;
  const isUdp = kind === '5g-udp-loss-100ms';
  const resolutionMs = isUdp ? traceResolutionMs(rows) : 1000;
  const bytesPerUnit = isUdp ? 1000 / resolutionMs : bytesPerSecondOf[kind];
  const cut = traceIntervals({ rows, intervalMs: shortestMs, resolutionMs });
  const intervals = cut.intervals.map((parts): PathInterval | undefined => {
    const bandwidth = mean(parts.map(({ value }) => value));
    const pingMs = mean(parts.map(({ fields }) => numeric(fields.ping_ms)));
    const interval: PathInterval = {};
    if (bandwidth !== undefined) interval.bandwidthBytesPerSecond = bandwidth * bytesPerUnit;
    if (pingMs !== undefined) interval.roundTripSeconds = pingMs / 1000;
    const lossRatio = isUdp ? lossOf(parts) : undefined;
    if (lossRatio !== undefined) interval.lossRatio = lossRatio;
    return Object.keys(interval).length > 0 ? interval : undefined;
  });
  return { intervalMs: cut.intervalMs, intervals };
}

const KILOBIT = 125;
const MEGABIT = 125_000;

/** Bytes per second of one unit of a kind's value. */
const bytesPerSecondOf: Readonly<Record<Exclude<PathTraceKind, '5g-udp-loss-100ms'>, number>> = {
  '5g-throughput-1s': KILOBIT,
  '5g-download-1s': KILOBIT,
  'lte-nyc-1s': MEGABIT,
  'bandwidth-lumos5g-4g-1s': MEGABIT,
  'bandwidth-lumos5g-5g-1s': MEGABIT,
  'bandwidth-oboe-1s': MEGABIT,
};

function lossOf(parts: readonly TraceRow[]): number | undefined {
  let lost = 0;
  let total = 0;
  for (const { fields } of parts) {
    const sent = numeric(fields.total_packets);
    const missing = numeric(fields.lost_packets);
    if (sent === undefined || missing === undefined) continue;
    total += sent;
    lost += missing;
  }
  return total > 0 ? Math.min(1, Math.max(0, lost / total)) : undefined;
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const measured = values.filter((value) => value !== undefined);
  if (measured.length === 0) return undefined;
  return measured.reduce((sum, value) => sum + value, 0) / measured.length;
}

function numeric(field: number | string | undefined): number | undefined {
  return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
}
