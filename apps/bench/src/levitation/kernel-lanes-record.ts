import type { LaneRule } from './kernel-lanes-rules.ts';

/** One lane as its queue was read over a run, column by column; all columns have one length. */
export interface LaneRecord<Rule extends string = LaneRule> {
  name: string;
  rule: Rule;
  /** Wall clock of each reading, Unix milliseconds. */
  timeUnixMs: Float64Array;
  /** Packets dropped by the qdisc since it was made. */
  dropped: Float64Array;
  limitBytes: Float64Array;
  backlogBytes: Float64Array;
}

/** A span of wall-clock time, Unix milliseconds. */
export interface Span {
  fromUnixMs: number;
  toUnixMs: number;
}

/**
 * Packets dropped within a span: the counter at the first reading after it less the counter at
 * the last reading before it.
 */
export function dropsWithin(lane: LaneRecord<string>, span: Span): number {
  const last = lane.timeUnixMs.length - 1;
  if (last < 0) return 0;
  const before = Math.max(0, firstAfter(lane.timeUnixMs, span.fromUnixMs) - 1);
  const after = Math.min(last, firstAfter(lane.timeUnixMs, span.toUnixMs));
  return (lane.dropped[after] ?? 0) - (lane.dropped[before] ?? 0);
}

/** Limit x time within a span, byte-seconds; each reading's limit holds until the next. */
export function reservedWithin(lane: LaneRecord<string>, span: Span): number {
  let reserved = 0;
  const { timeUnixMs, limitBytes } = lane;
  for (let i = firstAfter(timeUnixMs, span.fromUnixMs); i < timeUnixMs.length - 1; i++) {
    const at = timeUnixMs[i] ?? 0;
    if (at >= span.toUnixMs) break;
    const until = Math.min(timeUnixMs[i + 1] ?? at, span.toUnixMs);
    reserved += ((limitBytes[i] ?? 0) * (until - at)) / 1e3;
  }
  return reserved;
}

/** Limit in force at a moment, bytes. */
export function limitAt(lane: LaneRecord<string>, unixMs: number): number {
  return lane.limitBytes[Math.max(0, firstAfter(lane.timeUnixMs, unixMs) - 1)] ?? 0;
}

/** Changes of the limit within a span. */
export function changesWithin(lane: LaneRecord<string>, span: Span): number {
  let changes = 0;
  const start = Math.max(1, firstAfter(lane.timeUnixMs, span.fromUnixMs));
  for (let i = start; i < lane.timeUnixMs.length; i++) {
    if ((lane.timeUnixMs[i] ?? 0) >= span.toUnixMs) break;
    if (lane.limitBytes[i] !== lane.limitBytes[i - 1]) changes++;
  }
  return changes;
}

/** Index of the first reading at or after a moment; the length where there is none. */
export function firstAfter(times: Float64Array, unixMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < unixMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
