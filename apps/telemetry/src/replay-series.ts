import type { Sample } from '@levitate/series';
import type { TraceKind, TraceRow } from '@levitate/traffic';

/** What one interval of a trace says of a link; the fields of a sample that depend on it. */
export type ReplayInterval = Pick<
  Sample,
  | 'throughputBytesPerSecond'
  | 'throughputPeakBytesPerSecond'
  | 'packetsPerSecond'
  | 'connectionsPerSecond'
>;

/** A trace cut into equal intervals; an interval the trace does not cover is `undefined`. */
export interface ReplaySeries {
  /** Length of an interval on the trace's own clock, milliseconds. */
  intervalMs: number;
  intervals: readonly (ReplayInterval | undefined)[];
}

/** Kinds that a replay knows what to make of. */
export const replayableKinds = [
  'link-capacity-1ms',
  'packets-us-ndpi',
  '5g-udp-loss-100ms',
  '5g-throughput-1s',
  '5g-download-1s',
  'lte-nyc-1s',
  'bandwidth-lumos5g-4g-1s',
  'bandwidth-lumos5g-5g-1s',
  'bandwidth-oboe-1s',
  'requests-1s-twitter',
  'requests-1s-autothrottle',
  'requests-arrivals-azure-llm',
  'requests-1min-worldcup98',
  'datacenter-coflow-ms',
] as const satisfies readonly TraceKind[];

/** @see replayableKinds */
export type ReplayableKind = (typeof replayableKinds)[number];

/**
 * Cuts a trace into intervals. A trace of arrivals (packets, requests, transfers) is summed per
 * interval, and an interval without any is an idle link. A trace of rates keeps its own resolution
 * where that is coarser than `intervalMs`: nothing is invented between two of its values, and a
 * hole in it stays a hole.
 *
 * @param options.rows in order of time, as `parseTrace` gives them
 * @param options.intervalMs shortest interval, milliseconds of the trace
 */
export function replaySeries(options: {
  kind: ReplayableKind;
  rows: readonly TraceRow[];
  intervalMs: number;
}): ReplaySeries {
  const { kind, rows, intervalMs } = options;
  const meaning = meanings[kind];
  return 'of' in meaning
    ? seriesOfRates({ rows, intervalMs, rate: meaning })
    : seriesOfArrivals({ rows, intervalMs, arrivals: meaning });
}

/** What one row adds to its interval. */
interface Arrivals {
  bytes?: (row: TraceRow) => number;
  packets?: (row: TraceRow) => number;
  connections?: (row: TraceRow) => number;
}

/** What a row says of the time from it to the next. */
interface Rate {
  /** Time between two rows, milliseconds; `undefined`: as the rows have it. */
  resolutionMs?: number;
  of: (row: TraceRow & { value: number }, resolutionMs: number) => ReplayInterval;
}

const kilobits: Rate = {
  resolutionMs: 1000,
  of: ({ value }) => ({ throughputBytesPerSecond: value * 125 }),
};
const megabits: Rate = {
  resolutionMs: 1000,
  of: ({ value }) => ({ throughputBytesPerSecond: value * 125_000 }),
};
const requests: Rate = {
  resolutionMs: 1000,
  of: ({ value }) => ({ connectionsPerSecond: value }),
};

/** What the rows of each kind are. */
const meanings: Readonly<Record<ReplayableKind, Arrivals | Rate>> = {
  'link-capacity-1ms': {
    bytes: (row) => 1500 * (row.value ?? 0),
    packets: (row) => row.value ?? 0,
  },
  'packets-us-ndpi': { bytes: (row) => row.value ?? 0, packets: () => 1 },
  'datacenter-coflow-ms': { bytes: (row) => 1e6 * (row.value ?? 0), connections: () => 1 },
  'requests-arrivals-azure-llm': { connections: () => 1 },
  // Lost packets are those of the radio path, not of a queue here, so they are left out.
  '5g-udp-loss-100ms': {
    of: ({ value, fields }, resolutionMs) => ({
      throughputBytesPerSecond: (value * 1000) / resolutionMs,
      packetsPerSecond: perSecond(fields.total_packets, resolutionMs),
    }),
  },
  '5g-throughput-1s': kilobits,
  '5g-download-1s': kilobits,
  'lte-nyc-1s': megabits,
  'bandwidth-lumos5g-4g-1s': megabits,
  'bandwidth-lumos5g-5g-1s': megabits,
  'bandwidth-oboe-1s': megabits,
  'requests-1s-twitter': requests,
  'requests-1s-autothrottle': requests,
  'requests-1min-worldcup98': {
    resolutionMs: 60_000,
    of: ({ value }) => ({ connectionsPerSecond: value / 60 }),
  },
};

function perSecond(count: number | string | undefined, resolutionMs: number): number | undefined {
  return typeof count === 'number' && count >= 0 ? (count * 1000) / resolutionMs : undefined;
}

/** The peak is taken over this much of an interval, as the kernel's own samples have it. */
const peakMs = 10;

function seriesOfArrivals(options: {
  rows: readonly TraceRow[];
  intervalMs: number;
  arrivals: Arrivals;
}): ReplaySeries {
  const { rows, intervalMs, arrivals } = options;
  const startMs = rows[0]?.timeMs ?? 0;
  const count = binCount({ rows, binMs: intervalMs });
  const perMs = 1000 / intervalMs;
  const sums = (of: ((row: TraceRow) => number) | undefined, binMs: number) => {
    if (of === undefined) return undefined;
    const bins = new Float64Array(binCount({ rows, binMs }));
    for (const row of rows) {
      const bin = Math.floor((row.timeMs - startMs) / binMs);
      bins[bin] = (bins[bin] ?? 0) + Math.max(0, of(row));
    }
    return bins;
  };
  const bytes = sums(arrivals.bytes, intervalMs);
  const packets = sums(arrivals.packets, intervalMs);
  const connections = sums(arrivals.connections, intervalMs);
  const peaks = intervalMs > peakMs ? sums(arrivals.bytes, peakMs) : undefined;
  const intervals = Array.from({ length: count }, (_, index): ReplayInterval => {
    const rate = (bins: Float64Array | undefined): number | undefined =>
      bins === undefined ? undefined : (bins[index] ?? 0) * perMs;
    return {
      throughputBytesPerSecond: rate(bytes),
      packetsPerSecond: rate(packets),
      connectionsPerSecond: rate(connections),
      throughputPeakBytesPerSecond: peakOf(peaks, { index, intervalMs }),
    };
  });
  return { intervalMs, intervals };
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

function seriesOfRates(options: {
  rows: readonly TraceRow[];
  intervalMs: number;
  rate: Rate;
}): ReplaySeries {
  const { rows, rate } = options;
  const resolutionMs = rate.resolutionMs ?? medianStepMs(rows);
  const intervalMs = Math.max(options.intervalMs, resolutionMs);
  const startMs = rows[0]?.timeMs ?? 0;
  const bins: ReplayInterval[][] = Array.from(
    { length: binCount({ rows, binMs: intervalMs }) },
    () => [],
  );
  for (const row of rows) {
    const { value } = row;
    if (value === undefined || value < 0) continue;
    bins[Math.floor((row.timeMs - startMs) / intervalMs)]?.push(
      rate.of({ ...row, value }, resolutionMs),
    );
  }
  return { intervalMs, intervals: bins.map(meanOf) };
}

function meanOf(parts: readonly ReplayInterval[]): ReplayInterval | undefined {
  if (parts.length === 0) return undefined;
  const mean = (field: keyof ReplayInterval): number | undefined => {
    const values = parts.flatMap((part) => part[field] ?? []);
    if (values.length === 0) return undefined;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    throughputBytesPerSecond: mean('throughputBytesPerSecond'),
    packetsPerSecond: mean('packetsPerSecond'),
    connectionsPerSecond: mean('connectionsPerSecond'),
  };
}

function medianStepMs(rows: readonly TraceRow[]): number {
  const steps = rows
    .slice(1, 1001)
    .map((row, index) => row.timeMs - (rows[index]?.timeMs ?? 0))
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 1000;
}

/** Bins from the first row to the last, both in one. @throws RangeError beyond the bound */
function binCount({ rows, binMs }: { rows: readonly TraceRow[]; binMs: number }): number {
  if (rows.length === 0) return 0;
  const spanMs = (rows.at(-1)?.timeMs ?? 0) - (rows[0]?.timeMs ?? 0);
  const count = Math.floor(spanMs / binMs) + 1;
  if (count <= binsMax) return count;
  throw new RangeError(
    `${Math.round(spanMs / 1000)} s make ${count} intervals; ${binsMax} at most`,
  );
}

/** A day at 100 Hz. */
const binsMax = 8_640_000;
