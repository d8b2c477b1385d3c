import type { TraceKind, TraceRow } from '@levitate/traffic';
import type { ReplayInterval } from './replay-series.ts';

/** What the rows of one interval, however many, say of it. */
export interface RateMeaning {
  /** Time between two rows, milliseconds; `undefined`: as the rows have it. */
  resolutionMs?: number;
  /** `undefined` where they say nothing. */
  of: (rows: readonly TraceRow[], resolutionMs: number) => ReplayInterval | undefined;
}

/**
 * What a kind of rates measures.
 *
 * @param path of the file, whose name tells apart the quantities of a gateway in one folder
 * @throws RangeError where that is nothing a link has
 */
export function rateMeaning(kind: TraceKind, path: string): RateMeaning {
  const meaning = kind === 'genai-gateway-57s' ? gatewayMeaning(path) : meanings[kind];
  if (meaning === undefined) throw new RangeError(`${kind} is no kind of rates`);
  return meaning;
}

const kilobits = rateOf('throughputBytesPerSecond', { resolutionMs: 1000, perUnit: 125 });
const megabits = rateOf('throughputBytesPerSecond', { resolutionMs: 1000, perUnit: 125_000 });
const requests = rateOf('connectionsPerSecond', { resolutionMs: 1000, perUnit: 1 });

const meanings: { readonly [Kind in TraceKind]?: RateMeaning } = {
  // Lost packets are those of the radio path, not of a queue here, so they are left out.
  '5g-udp-loss-100ms': {
    of: (rows, resolutionMs) => {
      const bytes = mean(rows.map(({ value }) => value));
      const packets = mean(rows.map(({ fields }) => numeric(fields.total_packets)));
      if (bytes === undefined) return undefined;
      const perSecond = 1000 / resolutionMs;
      return {
        throughputBytesPerSecond: bytes * perSecond,
        packetsPerSecond: packets === undefined ? undefined : packets * perSecond,
      };
    },
  },
  '5g-throughput-1s': kilobits,
  '5g-download-1s': kilobits,
  'lte-nyc-1s': megabits,
  'bandwidth-lumos5g-4g-1s': megabits,
  'bandwidth-lumos5g-5g-1s': megabits,
  'bandwidth-oboe-1s': megabits,
  'requests-1s-twitter': requests,
  'requests-1s-autothrottle': requests,
  'requests-1min-worldcup98': rateOf('connectionsPerSecond', {
    resolutionMs: 60_000,
    perUnit: 1 / 60,
  }),
};

/** The mean of what was measured in an interval. */
function rateOf(
  field: keyof ReplayInterval,
  { resolutionMs, perUnit }: { resolutionMs: number; perUnit: number },
): RateMeaning {
  return {
    resolutionMs,
    of(rows) {
      const value = mean(rows.map((row) => row.value));
      return value === undefined ? undefined : { [field]: value * perUnit };
    },
  };
}

function gatewayMeaning(path: string): RateMeaning {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('qps')) return { of: gatewayRequests };
  if (name.startsWith('queue_rt')) return { of: gatewayDelays };
  throw new RangeError(
    'of a gateway qps* (requests/s) and queue_rt* (ms in its queue) are replayed; no link has more',
  );
}

/** What came in at the front (`API`); where only containers were counted, all of them together. */
function gatewayRequests(rows: readonly TraceRow[]): ReplayInterval | undefined {
  const front = rows.filter(({ fields }) => fields.type === 'API');
  const counted = (front.length > 0 ? front : rows).filter(({ value }) => value !== undefined);
  if (counted.length === 0) return undefined;
  const sum = counted.reduce((total, { value = 0 }) => total + value, 0);
  const looks = new Set(counted.map(({ timeMs }) => timeMs)).size;
  return { connectionsPerSecond: sum / looks };
}

/** Quantiles over the containers, each of which says its mean: of requests nobody knows. */
function gatewayDelays(rows: readonly TraceRow[]): ReplayInterval | undefined {
  const sorted = rows.flatMap(({ value }) => value ?? []).sort((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  const quantile = (share: number): number =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1000;
  return {
    latencyP50Seconds: quantile(0.5),
    latencyP95Seconds: quantile(0.95),
    latencyP99Seconds: quantile(0.99),
  };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const measured = values.filter((value) => value !== undefined);
  if (measured.length === 0) return undefined;
  return measured.reduce((sum, value) => sum + value, 0) / measured.length;
}

function numeric(field: number | string | undefined): number | undefined {
  return typeof field === 'number' && field >= 0 ? field : undefined;
}
