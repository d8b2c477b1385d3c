import type { DelaySeries, LateMoment } from '@levitate/kernel-lab';
import type { TrafficPlan } from '@levitate/traffic';
import { type Cell, type CellKey, countable } from './kernel-lanes-cells.ts';
import {
  changesWithin,
  dropsWithin,
  type LaneRecord,
  limitAt,
  reservedWithin,
  type Span,
} from './kernel-lanes-record.ts';
import type { LaneRule } from './kernel-lanes-rules.ts';

/** One trace as it ran: its plan, its lanes, and what disturbed it. */
export interface TraceRun {
  cell: Cell;
  plan: TrafficPlan;
  /** Position within the cell. */
  index: number;
  /** Wall clock of the plan's start, Unix milliseconds. */
  startUnixMs: number;
  lanes: readonly { record: LaneRecord /** Position within the lab. */; lane: number }[];
  /** Moments of the plan at which packets left late. */
  late: readonly LateMoment[];
  delays: DelaySeries;
}

/** What one counted burst did to every lane. */
export interface BurstScore {
  /** Position within the trace, from 0. */
  burst: number;
  onsetUnixMs: number;
  excessBytes: number;
  drops: Partial<Record<LaneRule, number>>;
  /** Limit in force when it began, bytes. */
  limitBytes: Partial<Record<LaneRule, number>>;
}

/** Sums over the counted part of one trace. */
export interface TraceScore {
  cell: CellKey;
  index: number;
  kind: string;
  bursts: BurstScore[];
  /** Bursts left out because packets of theirs left more than 50 ms late. */
  voidBursts: number;
  drops: Partial<Record<LaneRule, number>>;
  /** Drops in the counted part that no burst's span covers, predictive lane. */
  strayDrops: number;
  reservedByteSeconds: Partial<Record<LaneRule, number>>;
  seconds: number;
  changes: Partial<Record<LaneRule, number>>;
  /** One-way delays of the predictive lane over the counted part, milliseconds. */
  delaysMs: number[];
  /** The same of the reactive lane. */
  reactiveDelaysMs: number[];
}

/** A burst's drops happen from a little before its planned start until its queue has drained. */
export const BEFORE_MS = 60;
export const AFTER_MS = 400;
const LATE_MAX_MS = 50;

/**
 * Score a trace from its `first`-th burst on, counted from 0. Reserved memory, changes and delays
 * count from 2 s after the burst before it to the end.
 */
export function scoreTrace(run: TraceRun, options: { first: number }): TraceScore {
  const bursts = countable(run.plan);
  const counted: Span = {
    fromUnixMs: run.startUnixMs + (bursts[options.first - 1]?.timeMs ?? 0) + 2_000,
    toUnixMs: run.startUnixMs + run.plan.durationMs - 500,
  };
  const scored: BurstScore[] = [];
  let voidBursts = 0;
  bursts.forEach((burst, index) => {
    if (index < options.first) return;
    if (isLate(run.late, burst)) voidBursts++;
    else scored.push(scoreBurst(run, { index, burst }));
  });
  const perRule = (measure: (record: LaneRecord) => number) =>
    Object.fromEntries(run.lanes.map(({ record }) => [record.rule, measure(record)]));
  const drops = perRule(({ rule }) => sumOf(scored, (burst) => burst.drops[rule] ?? 0));
  const delaysOf = (rule: LaneRule) => {
    const found = run.lanes.find(({ record }) => record.rule === rule);
    return found === undefined ? [] : run.delays.delays(found.lane, counted);
  };
  const predictive = run.lanes.find(({ record }) => record.rule === 'predictive');
  const allDrops = predictive === undefined ? 0 : dropsWithin(predictive.record, counted);
  return {
    cell: run.cell.key,
    index: run.index,
    kind: run.plan.kind,
    bursts: scored,
    voidBursts,
    drops,
    strayDrops: voidBursts > 0 ? 0 : allDrops - (drops.predictive ?? 0),
    reservedByteSeconds: perRule((record) => reservedWithin(record, counted)),
    seconds: (counted.toUnixMs - counted.fromUnixMs) / 1e3,
    changes: perRule((record) => changesWithin(record, counted)),
    delaysMs: delaysOf('predictive'),
    reactiveDelaysMs: delaysOf('reactive'),
  };
}

/** Quantile of a list, `undefined` of an empty one. */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

/** Ratio as the bench definitions want it: 0/0 is 1; anything over 0 is told as its own size. */
export function ratio(numerator: number, denominator: number): number {
  if (denominator === 0) return numerator === 0 ? 1 : numerator;
  return numerator / denominator;
}

export function sumOf<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((total, item) => total + measure(item), 0);
}

function scoreBurst(
  run: TraceRun,
  at: { index: number; burst: TrafficPlan['bursts'][number] },
): BurstScore {
  const { index, burst } = at;
  const onsetUnixMs = run.startUnixMs + burst.timeMs;
  const span: Span = {
    fromUnixMs: onsetUnixMs - BEFORE_MS,
    toUnixMs: onsetUnixMs + burst.durationMs + AFTER_MS,
  };
  const lanes = run.lanes.map(({ record }) => record);
  return {
    burst: index,
    onsetUnixMs,
    excessBytes: burst.excessBytes,
    drops: Object.fromEntries(lanes.map((lane) => [lane.rule, dropsWithin(lane, span)])),
    limitBytes: Object.fromEntries(lanes.map((lane) => [lane.rule, limitAt(lane, onsetUnixMs)])),
  };
}

/** Whether packets of a burst left more than 50 ms late: then it is void for all lanes. */
export function isLate(late: readonly LateMoment[], burst: TrafficPlan['bursts'][number]): boolean {
  const end = burst.timeMs + burst.durationMs;
  return late.some(
    ({ atMs, lateMs }) => lateMs > LATE_MAX_MS && atMs + lateMs >= burst.timeMs && atMs <= end,
  );
}
