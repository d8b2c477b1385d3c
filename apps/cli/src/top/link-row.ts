/** One link as `levitate top` shows it; what is not known is left out. */
export interface LinkRow {
  readonly link: string;
  /** Arrivals, mean of the last second. */
  readonly throughputBytesPerSecond?: number;
  /** Arrivals, mean of the last second. */
  readonly packetsPerSecond?: number;
  /** Queue at the end of the newest interval. */
  readonly queueBytes?: number;
  /** Highest of the last second. */
  readonly queueHighWaterBytes?: number;
  /** In force at the end of the newest interval. */
  readonly limitBytes?: number;
  /** Dropped packets, mean of the last second. */
  readonly dropsPerSecond?: number;
  /** Queueing delay: the worst 99th percentile of an interval of the last second. */
  readonly latencyP99Seconds?: number;
  /** What drives the limit; `none` where nothing can. */
  readonly actuator?: string;
  readonly target?: string;
  readonly mode?: string;
  /** What decides the size. */
  readonly law?: string;
  /** Of the target, in words; the link's own where there is no target. */
  readonly forecast?: string;
  /** Seconds since the newest sample, where that is so long that its figures are left out. */
  readonly silentSeconds?: number;
}

/** Columns to sort by: those with numbers have the largest first. */
export const sortKeys = [
  'rate',
  'packets',
  'queue',
  'high',
  'limit',
  'drops',
  'delay',
  'link',
] as const;

/** @see sortKeys */
export type SortKey = (typeof sortKeys)[number];

const figureOf: Readonly<Record<Exclude<SortKey, 'link'>, (row: LinkRow) => number | undefined>> = {
  rate: (row) => row.throughputBytesPerSecond,
  packets: (row) => row.packetsPerSecond,
  queue: (row) => row.queueBytes,
  high: (row) => row.queueHighWaterBytes,
  limit: (row) => row.limitBytes,
  drops: (row) => row.dropsPerSecond,
  delay: (row) => row.latencyP99Seconds,
};

/** Sorted by one column, the largest first; by name where that is equal, or asked for. */
export function sortRows(rows: readonly LinkRow[], key: SortKey): LinkRow[] {
  const byName = (left: LinkRow, right: LinkRow) =>
    left.link < right.link ? -1 : Number(left.link > right.link);
  if (key === 'link') return [...rows].sort(byName);
  const figure = (row: LinkRow) => figureOf[key](row) ?? Number.NEGATIVE_INFINITY;
  return [...rows].sort((left, right) => {
    const [a, b] = [figure(left), figure(right)];
    return a === b ? byName(left, right) : b - a;
  });
}
