import { type CellKey, type LaneRule, UNCOUNTED_BURSTS } from './kernel-lanes-cells.ts';
import { quantile, ratio, sumOf, type TraceScore } from './kernel-lanes-score.ts';

/** A bench's keys, and for each key that has no figure the reason. */
export interface KernelLanesFigures {
  metrics: Record<string, number>;
  notMeasured: Record<string, string>;
  /** Absolute figures behind each ratio, median and worst trace. */
  baseline: Record<string, unknown>;
}

/** Every key of track T1. */
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
] as const;

/** A cell whose baseline dropped fewer packets than this says nothing. */
const BASELINE_DROPS_MIN = 100;
const FEASIBLE: readonly CellKey[] = ['periodic', 'precursor'];

/** Turn scored traces into the keys of T1. Pure. */
export function kernelLanesFigures(
  scores: readonly TraceScore[],
  context: { budgetBytes: (cell: CellKey) => number },
): KernelLanesFigures {
  const figures: KernelLanesFigures = { metrics: {}, notMeasured: {}, baseline: {} };
  const feasible = scores.filter((score) => FEASIBLE.includes(score.cell));
  const main = scores.filter((score) => score.cell !== 'seed' && score.cell !== 'memoryless');
  addFeasible(figures, feasible);
  const infeasible = scores.filter((score) => score.cell === 'infeasible');
  addRatio(figures, {
    key: 't1_infeasible_drops_vs_oracle',
    scores: infeasible,
    against: 'oracle',
  });
  for (const cell of ['seed', 'memoryless'] as const) {
    const own = scores.filter((score) => score.cell === cell);
    addRatio(figures, { key: `t1_${cell}_drops_vs_reactive`, scores: own, against: 'reactive' });
  }
  addDelay(figures, main);
  addReserved(figures, main, context.budgetBytes);
  figures.baseline.t1_bursts_counted = byCell(scores, (cell) =>
    sumOf(cell, (score) => score.bursts.length),
  );
  figures.baseline.t1_bursts_void = byCell(scores, (cell) => sumOf(cell, (s) => s.voidBursts));
  figures.baseline.t1_stray_drops_predictive = byCell(scores, (cell) =>
    sumOf(cell, (score) => score.strayDrops),
  );
  figures.baseline.t1_traces = scores.map(traceSummary);
  for (const key of T1_KEYS) {
    if (figures.metrics[key] === undefined) {
      figures.notMeasured[key] ??= 'no trace of its cells was run';
    }
  }
  return figures;
}

function addFeasible(figures: KernelLanesFigures, scores: readonly TraceScore[]): void {
  const against: [string, LaneRule][] = [
    ['t1_drops_vs_static_default', 'static-default'],
    ['t1_drops_vs_reactive', 'reactive'],
    ['t1_drops_vs_reactive_hold35', 'reactive-hold35'],
    ['t1_drops_vs_static_at_budget', 'static-at-budget'],
  ];
  for (const [key, rule] of against) addRatio(figures, { key, scores, against: rule });
  if (scores.length > 0) {
    figures.metrics.t1_kernel_drops_reactive = dropsOf(scores, 'reactive');
    figures.metrics.t1_kernel_drops_predictive = dropsOf(scores, 'predictive');
  }
}

/**
 * Predictive drops over another lane's, summed over all traces of the cells; cells in which the
 * other lane dropped fewer than 100 packets are left out and named. A static limit at the budget
 * drops nothing where bursts are feasible: then 0/0 is 1, and the absolute figures say more.
 */
function addRatio(
  figures: KernelLanesFigures,
  asked: { key: string; scores: readonly TraceScore[]; against: LaneRule },
): void {
  const { key, against } = asked;
  const scores = asked.scores.filter((score) => score.drops[against] !== undefined);
  const isUpperBound = against === 'static-at-budget';
  const cells = [...new Set(scores.map((score) => score.cell))];
  const sound = cells.filter((cell) => {
    const own = scores.filter((score) => score.cell === cell);
    return isUpperBound || dropsOf(own, against) >= BASELINE_DROPS_MIN;
  });
  const used = scores.filter((score) => sound.includes(score.cell));
  for (const cell of cells.filter((each) => !sound.includes(each))) {
    const drops = dropsOf(
      scores.filter((score) => score.cell === cell),
      against,
    );
    const reason = `its ${against} lane dropped ${drops} packets, below ${BASELINE_DROPS_MIN}`;
    figures.notMeasured[sound.length > 0 ? `${key}.${cell}` : key] = `${cell} is void: ${reason}`;
  }
  if (used.length === 0) return;
  const ratios = used.map((score) => ratio(score.drops.predictive ?? 0, score.drops[against] ?? 0));
  figures.metrics[key] = ratio(dropsOf(used, 'predictive'), dropsOf(used, against));
  figures.baseline[key] = {
    predictive: dropsOf(used, 'predictive'),
    [against]: dropsOf(used, against),
    ...Object.fromEntries(
      sound.map((cell) => {
        const own = used.filter((score) => score.cell === cell);
        return [cell, { predictive: dropsOf(own, 'predictive'), [against]: dropsOf(own, against) }];
      }),
    ),
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

function addReserved(
  figures: KernelLanesFigures,
  scores: readonly TraceScore[],
  budgetBytes: (cell: CellKey) => number,
): void {
  const share = (cell: readonly TraceScore[], rule: LaneRule) => {
    const ran = cell.filter((score) => score.reservedByteSeconds[rule] !== undefined);
    const reserved = sumOf(ran, (score) => score.reservedByteSeconds[rule] ?? 0);
    const whole = sumOf(ran, (score) => budgetBytes(score.cell) * score.seconds);
    return whole === 0 ? undefined : reserved / whole;
  };
  const predictive = share(scores, 'predictive');
  if (predictive !== undefined) figures.metrics.t1_reserved_vs_static_at_budget = predictive;
  const rules: LaneRule[] = ['predictive', 'reactive', 'reactive-hold35', 'static-default'];
  figures.baseline.t1_reserved_vs_static_at_budget = Object.fromEntries(
    rules.map((rule) => [rule, byCell(scores, (cell) => share(cell, rule))]),
  );
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

function dropsOf(scores: readonly TraceScore[], rule: LaneRule): number {
  return sumOf(scores, (score) => score.drops[rule] ?? 0);
}
