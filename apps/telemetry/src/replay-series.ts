import type { Sample } from '@levitate/series';
import {
  intervalCount,
  type TraceKind,
  type TraceRow,
  traceIntervals,
  traceResolutionMs,
} from '@levitate/traffic';
import { rateMeaning } from './replay-rates.ts';

/** What one interval of a trace says of a link; the fields of a sample that depend on it. */
export type ReplayInterval = Pick<
  Sample,
  | 'throughputBytesPerSecond'
  | 'throughputPeakBytesPerSecond'
  | 'packetsPerSecond'
  | 'connectionsPerSecond'
  | 'latencyP50Seconds'
  | 'latencyP95Seconds'
  | 'latencyP99Seconds'
>;

/** A trace cut into equal intervals; an interval the trace does not cover is `undefined`. */
export interface ReplaySeries<Interval = ReplayInterval> {
  /** Length of an interval on the trace's own clock, milliseconds. */
  intervalMs: number;
  intervals: readonly (Interval | undefined)[];
}

/**
 * Cuts a trace into intervals. A trace of arrivals (packets, requests, transfers) is summed per
 * interval, and an interval without any is an idle link. A trace of rates keeps its own resolution
 * where that is coarser than `intervalMs`: nothing is invented between two of its values, and a
 * hole in it stays a hole.
 *
 * @param options.path of its file, whose name tells apart what a kind has several quantities of
 * @param options.rows in order of time, as `parseTrace` gives them
 * @param options.intervalMs shortest interval, milliseconds of the trace
 * @throws RangeError where the file's quantity is nothing a link has, or intervals are too many
 */
export function replaySeries(options: {
  kind: TraceKind;
  path: string;
  rows: readonly TraceRow[];
  intervalMs: number;
}): ReplaySeries {
  const { kind, path, rows, intervalMs } = options;
  const arrivals = arrivalsOf[kind];
  if (arrivals !== undefined) return seriesOfArrivals({ rows, intervalMs, arrivals });
  const { resolutionMs = traceResolutionMs(rows), of } = rateMeaning(kind, path);
  const cut = traceIntervals({ rows, intervalMs, resolutionMs });
  const intervals = cut.intervals.map((parts) => of(parts, resolutionMs));
  return { intervalMs: cut.intervalMs, intervals };
}

/** What one row adds from its time on. */
interface Arrivals {
  bytes?: (row: TraceRow) => number;
  packets?: (row: TraceRow) => number;
  connections?: (row: TraceRow) => number;
  /** How long its bytes take to arrive, milliseconds; default none. */
  lengthMs?: (row: TraceRow) => number;
}

/** Kinds whose rows are arrivals: each row something that came at its time. */
const arrivalsOf: { readonly [Kind in TraceKind]?: Arrivals } = {
  'link-capacity-1ms': {
    bytes: (row) => 1500 * (row.value ?? 0),
    packets: (row) => row.value ?? 0,
  },
  'packets-us-ndpi': { bytes: (row) => row.value ?? 0, packets: () => 1 },
  // A shuffle of terabytes does not arrive at once: as fast as its ports take it.
  'datacenter-coflow-ms': {
    bytes: megabytes,
    connections: () => 1,
    lengthMs: (row) => (1000 * megabytes(row)) / (portsOf(row) * portBytesPerSecond),
  },
  'requests-arrivals-azure-llm': { connections: () => 1 },
};

/** 1 Gbit/s, what the coflow benchmark's own simulator (CoflowSim) gives each port. */
const portBytesPerSecond = 125e6;

function megabytes(row: TraceRow): number {
  return 1e6 * (row.value ?? 0);
}

function portsOf({ fields }: TraceRow): number {
  const { senders = 1, receivers = 1 } = fields;
  return Math.max(1, Math.min(Number(senders), Number(receivers)));
}

/** The peak is taken over this much of an interval, as the kernel's own samples have it. */
const peakMs = 10;

function seriesOfArrivals(options: {
  rows: readonly TraceRow[];
  intervalMs: number;
  arrivals: Arrivals;
}): ReplaySeries {
  const { rows, intervalMs, arrivals } = options;
  const { lengthMs = () => 0 } = arrivals;
  const startMs = rows[0]?.timeMs ?? 0;
  const endMs = rows.reduce((end, row) => Math.max(end, row.timeMs + lengthMs(row)), startMs);
  const spanMs = endMs - startMs;
  const sums = (of: ((row: TraceRow) => number) | undefined, binMs: number) => {
    if (of === undefined) return undefined;
    const bins = new Float64Array(intervalCount({ spanMs, intervalMs: binMs }));
    const isSpread = of === arrivals.bytes;
    for (const row of rows) {
      const fromMs = row.timeMs - startMs;
      const toMs = fromMs + (isSpread ? lengthMs(row) : 0);
      spread(bins, { amount: of(row), fromMs, toMs, binMs });
    }
    return bins;
  };
  const bytes = sums(arrivals.bytes, intervalMs);
  const packets = sums(arrivals.packets, intervalMs);
  const connections = sums(arrivals.connections, intervalMs);
  const peaks = intervalMs > peakMs ? sums(arrivals.bytes, peakMs) : undefined;
  const length = intervalCount({ spanMs, intervalMs });
  const intervals = Array.from({ length }, (_, index): ReplayInterval => {
    const rate = (bins: Float64Array | undefined): number | undefined =>
      bins === undefined ? undefined : ((bins[index] ?? 0) * 1000) / intervalMs;
    return {
      throughputBytesPerSecond: rate(bytes),
      packetsPerSecond: rate(packets),
      connectionsPerSecond: rate(connections),
      throughputPeakBytesPerSecond: peakOf(peaks, { index, intervalMs }),
    };
  });
  return { intervalMs, intervals };
}

/** Adds an amount to the bins it falls into, evenly from its beginning to its end. */
function spread(
  bins: Float64Array,
  arrival: { amount: number; fromMs: number; toMs: number; binMs: number },
): void {
  const { amount, fromMs, toMs, binMs } = arrival;
  const first = Math.floor(fromMs / binMs);
  const last = Math.min(bins.length - 1, Math.floor(toMs / binMs));
  if (first >= last) {
    bins[first] = (bins[first] ?? 0) + amount;
    return;
  }
  for (let bin = first; bin <= last; bin += 1) {
    const shareMs = Math.min(toMs, (bin + 1) * binMs) - Math.max(fromMs, bin * binMs);
    bins[bin] = (bins[bin] ?? 0) + (amount * shareMs) / (toMs - fromMs);
  }
}

function peakOf(
  peaks: Float64Array | undefined,
  { index, intervalMs }: { index: number; intervalMs: number },
): number | undefined {
  if (peaks === undefined) return undefined;
  const first = Math.floor((index * intervalMs) / peakMs);
  const end = Math.floor(((index + 1) * intervalMs) / peakMs);
  let highest = 0;
  for (let bin = first; bin < end; bin += 1) highest = Math.max(highest, peaks[bin] ?? 0);
  return (highest * 1000) / peakMs;
}
