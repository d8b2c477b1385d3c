import { type CellKey, UNCOUNTED_BURSTS } from './kernel-lanes-cells.ts';
import { FORECAST_WAYS, type LaneRule } from './kernel-lanes-rules.ts';
import { quantile, ratio, sumOf, type TraceScore } from './kernel-lanes-score.ts';

/** A bench's keys, and for each key that has no figure the reason. */
export interface KernelLanesFigures {
  metrics: Record<string, number>;
  notMeasured: Record<string, string>;
  /** Absolute figures behind each ratio, median and worst trace. */
  baseline: Record<string, unknown>;
}

/** Every key of track T1; `_statistical` are the lanes whose predictor has no models. */
export const T1_KEYS = [
  't1_kernel_drops_reactive',
  't1_kernel_drops_predictive',
  't1_drops_vs_static_default',
  't1_drops_vs_reactive',
  't1_infeasible_drops_vs_oracle',
  't1_drops_vs_static_at_budget',
  't1_seed_drops_vs_reactive',
  't1_memoryless_drops_vs_reactive',
  't1_drops_vs_reactive_hold35',
  't1_p99_delay_ms',
  't1_avg_delay_ms',
  't1_reserved_vs_static_at_budget',
  't1_kernel_drops_predictive_statistical',
  't1_drops_vs_static_default_statistical',
  't1_drops_vs_reactive_statistical',
  't1_memoryless_drops_vs_reactive_statistical',
  't1_reserved_vs_static_at_budget_statistical',
] as const;

/** Why a key has no figure when nothing went wrong: the run had no lanes for it. */
export const NO_TRACE = 'no trace of its cells was run';

/** A cell whose baseline dropped fewer packets than this says nothing. */
const BASELINE_DROPS_MIN = 100;
const FEASIBLE: readonly CellKey[] = ['periodic', 'precursor'];
/** Those of delay and reserve. */
const MAIN: readonly CellKey[] = [...FEASIBLE, 'infeasible'];

const RESERVED_BESIDE = ['predictive', 'reactive', 'reactive-hold35', 'static-default'] as const;

type Way = (typeof FORECAST_WAYS)[number];

/** Drops of a lane that follows forecasts over those of the lane `against`. */
interface DropRatio {
  key: string;
  cells: readonly CellKey[];
  against: LaneRule;
}

const DROP_RATIOS: readonly DropRatio[] = [
  { key: 't1_drops_vs_static_default', cells: FEASIBLE, against: 'static-default' },
  { key: 't1_drops_vs_reactive', cells: FEASIBLE, against: 'reactive' },
  { key: 't1_drops_vs_reactive_hold35', cells: ['rivals'], against: 'reactive-hold35' },
  { key: 't1_drops_vs_static_at_budget', cells: ['rivals'], against: 'static-at-budget' },
  { key: 't1_infeasible_drops_vs_oracle', cells: ['infeasible'], against: 'oracle' },
  { key: 't1_seed_drops_vs_reactive', cells: ['seed'], against: 'reactive' },
  { key: 't1_memoryless_drops_vs_reactive', cells: ['memoryless'], against: 'reactive' },
];

/** Turn scored traces into the keys of T1. Pure. */
export function kernelLanesFigures(
  scores: readonly TraceScore[],
  context: { budgetBytes: (cell: CellKey) => number },
): KernelLanesFigures {
  const figures: KernelLanesFigures = { metrics: {}, notMeasured: {}, baseline: {} };
  const { metrics, notMeasured, baseline } = figures;
  const feasible = inCells(scores, FEASIBLE);
  if (feasible.length > 0) metrics.t1_kernel_drops_reactive = dropsOf(feasible, 'reactive');
  for (const way of FORECAST_WAYS) {
    const own = feasible.filter((score) => score.drops[way.rule] !== undefined);
    if (own.length > 0) {
      metrics[`t1_kernel_drops_predictive${way.suffix}`] = dropsOf(own, way.rule);
    }
    for (const asked of DROP_RATIOS) addRatio(figures, { scores, asked, way });
    addReserved(figures, { scores, way, budgetBytes: context.budgetBytes });
  }
  addDelay(figures, inCells(scores, MAIN));
  baseline.t1_bursts_counted = byCell(scores, (cell) => sumOf(cell, (s) => s.bursts.length));
  baseline.t1_bursts_void = byCell(scores, (cell) => sumOf(cell, (s) => s.voidBursts));
  baseline.t1_stray_drops_predictive = byCell(scores, (cell) => sumOf(cell, (s) => s.strayDrops));
  baseline.t1_traces = scores.map(traceSummary);
  for (const key of T1_KEYS) if (metrics[key] === undefined) notMeasured[key] ??= NO_TRACE;
  return figures;
}

/**
 * Summed over all traces of the cells that have both lanes; cells in which the other lane dropped
 * fewer than 100 packets are left out and named. A static limit at the budget drops nothing where
 * bursts are feasible: then 0/0 is 1, and the absolute figures say more.
 */
function addRatio(
  figures: KernelLanesFigures,
  at: { scores: readonly TraceScore[]; asked: DropRatio; way: Way },
): void {
  const { against } = at.asked;
  const { rule, suffix } = at.way;
  const key = `${at.asked.key}${suffix}`;
  const scores = inCells(at.scores, at.asked.cells).filter(
    ({ drops }) => drops[rule] !== undefined && drops[against] !== undefined,
  );
  const isUpperBound = against === 'static-at-budget';
  const dropsByCell = byCell(scores, (cell) => ({
    [rule]: dropsOf(cell, rule),
    [against]: dropsOf(cell, against),
  }));
  const cells = Object.keys(dropsByCell) as CellKey[];
  const sound = cells.filter(
    (cell) => isUpperBound || (dropsByCell[cell]?.[against] ?? 0) >= BASELINE_DROPS_MIN,
  );
  for (const cell of cells.filter((each) => !sound.includes(each))) {
    const drops = dropsByCell[cell]?.[against];
    const reason = `its ${against} lane dropped ${drops} packets, below ${BASELINE_DROPS_MIN}`;
    figures.notMeasured[sound.length > 0 ? `${key}.${cell}` : key] = `${cell} is void: ${reason}`;
  }
  const used = inCells(scores, sound);
  if (used.length === 0) return;
  const ratios = used.map(({ drops }) => ratio(drops[rule] ?? 0, drops[against] ?? 0));
  figures.metrics[key] = ratio(dropsOf(used, rule), dropsOf(used, against));
  figures.baseline[key] = {
    [rule]: dropsOf(used, rule),
    [against]: dropsOf(used, against),
    ...Object.fromEntries(sound.map((cell) => [cell, dropsByCell[cell]])),
    trace_median: quantile(ratios, 0.5),
    trace_worst: Math.max(...ratios),
  };
}

function addDelay(figures: KernelLanesFigures, scores: readonly TraceScore[]): void {
  const delays = scores.flatMap((score) => score.delaysMs);
  if (delays.length === 0) return;
  const average = (values: readonly number[]) => sumOf(values, (value) => value) / values.length;
  figures.metrics.t1_p99_delay_ms = quantile(delays, 0.99) ?? 0;
  figures.metrics.t1_avg_delay_ms = average(delays);
  figures.baseline.t1_delay_ms = {
    probes: delays.length,
    p999: quantile(delays, 0.999),
    max: quantile(delays, 1),
    p99_by_cell: byCell(scores, (cell) =>
      quantile(
        cell.flatMap((score) => score.delaysMs),
        0.99,
      ),
    ),
    reactive_avg: average(scores.flatMap((score) => score.reactiveDelaysMs)),
    reactive_p99: quantile(
      scores.flatMap((score) => score.reactiveDelaysMs),
      0.99,
    ),
  };
}

/**
 * Limit x time over always holding the budget. Beside it stand the rules that ran on every one
 * of the same traces (`same_traces`), and all rules cell by cell.
 */
function addReserved(
  figures: KernelLanesFigures,
  at: { scores: readonly TraceScore[]; way: Way; budgetBytes: (cell: CellKey) => number },
): void {
  const { rule, suffix } = at.way;
  const hasRun = (other: LaneRule) => (score: TraceScore) =>
    score.reservedByteSeconds[other] !== undefined;
  const ran = at.scores.filter(hasRun(rule));
  const share = (scores: readonly TraceScore[], of: LaneRule) => {
    const own = scores.filter(hasRun(of));
    const reserved = sumOf(own, (score) => score.reservedByteSeconds[of] ?? 0);
    const whole = sumOf(own, (score) => at.budgetBytes(score.cell) * score.seconds);
    return whole === 0 ? undefined : reserved / whole;
  };
  const main = inCells(ran, MAIN);
  const own = share(main, rule);
  if (own === undefined) return;
  const key = `t1_reserved_vs_static_at_budget${suffix}`;
  figures.metrics[key] = own;
  const others = RESERVED_BESIDE.filter((other) => other !== rule && ran.some(hasRun(other)));
  const beside = others.filter((other) => main.every(hasRun(other)));
  figures.baseline[key] = {
    same_traces: Object.fromEntries(beside.map((other) => [other, share(main, other)])),
    ...Object.fromEntries(
      [rule, ...others].map((each) => [each, byCell(ran, (cell) => share(cell, each))]),
    ),
  };
}

function traceSummary(score: TraceScore): Record<string, unknown> {
  return {
    cell: score.cell,
    trace: score.index,
    kind: score.kind,
    bursts: score.bursts.length,
    bursts_with_drops: score.bursts.filter((burst) => (burst.drops.predictive ?? 0) > 0).length,
    drops: score.drops,
    changes_per_minute: ((score.changes.predictive ?? 0) / score.seconds) * 60,
    p99_delay_ms: quantile(score.delaysMs, 0.99),
    counted_from_burst: UNCOUNTED_BURSTS + 1,
  };
}

function byCell<T>(
  scores: readonly TraceScore[],
  measure: (cell: readonly TraceScore[]) => T,
): Record<string, T> {
  const cells = [...new Set(scores.map((score) => score.cell))];
  return Object.fromEntries(
    cells.map((cell) => [cell, measure(scores.filter((score) => score.cell === cell))]),
  );
}

function inCells(scores: readonly TraceScore[], cells: readonly CellKey[]): TraceScore[] {
  return scores.filter((score) => cells.includes(score.cell));
}

function dropsOf(scores: readonly TraceScore[], rule: LaneRule): number {
  return sumOf(scores, (score) => score.drops[rule] ?? 0);
}
