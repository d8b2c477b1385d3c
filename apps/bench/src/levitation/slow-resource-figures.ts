import { type CostWeights, cost, costWeights } from '@levitate/queueing';
import type { TrafficKind } from '@levitate/traffic';
import { type Announcements, sumAnnouncements } from './announcements.ts';
import type { PoolTotals, PoolTrace } from './slow-resource-run.ts';

/** A cell whose baseline rejected less than this many packets says nothing. */
const REJECTS_MIN = 10;

/** A class of traffic of the bench. */
export interface TrafficClass {
  name: string;
  kind: TrafficKind;
  intervals?: 'regular' | 'memoryless';
}

const PREDICTABLE: readonly TrafficClass[] = [
  { name: 'periodic', kind: 'periodic' },
  { name: 'precursor', kind: 'precursor', intervals: 'regular' },
];
/** The same ramp at gaps of 12 s + Exp(12 s), so that nothing but the ramp tells: stated. */
const MEMORYLESS: TrafficClass = { name: 'memoryless', kind: 'precursor', intervals: 'memoryless' };
const UNPREDICTABLE: readonly TrafficClass[] = [
  { name: 'random', kind: 'random' },
  { name: 'self-similar', kind: 'self-similar' },
];
export const CLASSES = [...PREDICTABLE, MEMORYLESS, ...UNPREDICTABLE];

const POLICIES = [
  'reactiveHold10',
  'reactive',
  'staticMax',
  'real',
  'perfect',
  'shuffled',
  'constant',
  'statistical',
  'statisticalShuffled',
] as const;
type PolicyName = (typeof POLICIES)[number];

/** Whose forecasts, and what is put behind the keys of its figures. */
interface Way {
  real: PolicyName;
  shuffled: PolicyName;
  suffix: string;
}
/** What the service gives, with its model; and the forecasters that need no training. */
const WAYS: readonly Way[] = [
  { real: 'real', shuffled: 'shuffled', suffix: '' },
  { real: 'statistical', shuffled: 'statisticalShuffled', suffix: '_statistical' },
];

export interface SlowResourceFigures {
  metrics: Record<string, number>;
  baseline: Record<string, number>;
  environment: Record<string, unknown>;
  notMeasured: Record<string, string>;
  /** Announcements by class and forecaster. */
  servedBy: Record<string, Announcements>;
}

/** One trace under every policy. */
export interface TraceOutcome {
  trace: PoolTrace;
  totals: Record<PolicyName, PoolTotals>;
  /** Announcements by forecaster, of the forecasts that the service gives. */
  servedBy: Announcements;
}

/**
 * The figures of track T4 over all traces. Rejects are set against the reactive law with its usual
 * hold of 10 s, costs against the law as pools have it (60 s), which is also what the controller
 * falls back on; each of the two stands beside the other in `baseline`.
 */
export function slowResourceFigures(at: {
  outcomes: ReadonlyMap<string, TraceOutcome[]>;
  traces: number;
  durationMs: number;
}): SlowResourceFigures {
  const of: Traces = (classes) => classes.flatMap(({ name }) => at.outcomes.get(name) ?? []);
  const predictable = of(PREDICTABLE);
  const metrics: Record<string, number> = {};
  const notMeasured: Record<string, string> = {};
  for (const way of WAYS) {
    const drops = dropRatios(of, way);
    Object.assign(metrics, drops.metrics, waySums(of, way));
    Object.assign(notMeasured, drops.notMeasured);
  }
  const baseline: Record<string, number> = {};
  for (const traffic of CLASSES) Object.assign(baseline, absolutes(traffic, of([traffic])));
  const ratios = predictable
    .map((outcome) => ratio(rejects(outcome, 'real'), rejects(outcome, 'reactiveHold10')))
    .toSorted((a, b) => a - b);
  const environment = {
    t4_traces_per_class: at.traces,
    t4_trace_seconds: at.durationMs / 1000,
    t4_counted_bursts: sum(predictable, countedBursts),
    t4_drops_vs_reactive_median_trace: ratios[ratios.length >> 1],
    t4_drops_vs_reactive_worst_trace: ratios.at(-1),
    t4_kernel: 'simulated pool, 100 ms steps',
  };
  const servedBy = Object.fromEntries(
    CLASSES.map((traffic) => [
      traffic.name,
      sumAnnouncements(of([traffic]).map((outcome) => outcome.servedBy)),
    ]),
  );
  return { metrics, baseline, environment, notMeasured, servedBy };
}

type Traces = (classes: readonly TrafficClass[]) => TraceOutcome[];

function waySums(of: Traces, way: Way): Record<string, number> {
  const { real, suffix } = way;
  return {
    [`t4_1s_reserved_vs_static_max${suffix}`]: mean(of(PREDICTABLE), (outcome) =>
      reserved(outcome, real),
    ),
    ...gains({ of, way, weights: costWeights.standard, suffix }),
    ...gains({ of, way, weights: costWeights.alt1, suffix: `_alt1${suffix}` }),
    ...gains({ of, way, weights: costWeights.alt2, suffix: `_alt2${suffix}` }),
  };
}

function dropRatios(
  of: Traces,
  { real, suffix }: Way,
): Pick<SlowResourceFigures, 'metrics' | 'notMeasured'> {
  const metrics: Record<string, number> = {};
  const notMeasured: Record<string, string> = {};
  const cells: [key: string, classes: readonly TrafficClass[], against: PolicyName][] = [
    ['t4_1s_drops_vs_reactive', PREDICTABLE, 'reactiveHold10'],
    ['t4_1s_drops_vs_reactive_memoryless', [MEMORYLESS], 'reactiveHold10'],
    ['t4_1s_drops_vs_reactive_hold60', [...PREDICTABLE, MEMORYLESS], 'reactive'],
  ];
  for (const [name, classes, against] of cells) {
    const key = `${name}${suffix}`;
    const theirs = sum(of(classes), (outcome) => rejects(outcome, against));
    const ours = sum(of(classes), (outcome) => rejects(outcome, real));
    if (theirs >= REJECTS_MIN) metrics[key] = ours / theirs;
    else notMeasured[key] = `the baseline rejected ${theirs} packets, fewer than ${REJECTS_MIN}`;
  }
  return { metrics, notMeasured };
}

/** Gains of the ablation (the worse class counts) and the price on unpredictable traffic. */
function gains(at: {
  of: Traces;
  way: Way;
  weights: CostWeights;
  suffix: string;
}): Record<string, number> {
  const { of, way, weights, suffix } = at;
  const worst = (classes: readonly TrafficClass[]) => {
    const shares = classes.map((traffic) => {
      const price = (policy: PolicyName) => meanCost(of([traffic]), policy, weights);
      const rival = Math.min(price('reactive'), price('staticMax'), price('constant'));
      const gain = (policy: PolicyName) => 1 - price(policy) / rival;
      const perfect = gain('perfect');
      return { real: gain(way.real) / perfect, shuffled: gain(way.shuffled) / perfect };
    });
    return {
      real: Math.min(...shares.map(({ real }) => real)),
      shuffled: shares.map((share) => share.shuffled).reduce(furthestFromZero, 0),
    };
  };
  const regular = worst(PREDICTABLE);
  const memoryless = worst([MEMORYLESS]);
  const random = of(UNPREDICTABLE);
  return {
    [`gain_real_over_perfect${suffix}`]: regular.real,
    [`gain_shuffled_over_perfect${suffix}`]: regular.shuffled,
    [`gain_real_over_perfect_memoryless${suffix}`]: memoryless.real,
    [`gain_shuffled_over_perfect_memoryless${suffix}`]: memoryless.shuffled,
    [`unpredictable_cost_vs_reactive${suffix}`]:
      meanCost(random, way.real, weights) / meanCost(random, 'reactive', weights),
  };
}

function furthestFromZero(one: number, other: number): number {
  return Math.abs(other) > Math.abs(one) ? other : one;
}

function absolutes({ name }: TrafficClass, outcomes: TraceOutcome[]): Record<string, number> {
  const entries = POLICIES.flatMap((policy) => {
    const key = `t4_${name}_${policy}`;
    return [
      [`${key}_cost`, meanCost(outcomes, policy, costWeights.standard)],
      [`${key}_rejects`, sum(outcomes, (outcome) => rejects(outcome, policy))],
      [`${key}_reserved`, mean(outcomes, (outcome) => reserved(outcome, policy))],
    ];
  });
  return Object.fromEntries(entries) as Record<string, number>;
}

function meanCost(outcomes: TraceOutcome[], policy: PolicyName, weights: CostWeights): number {
  return mean(outcomes, (outcome) => {
    const totals = outcome.totals[policy];
    return cost(
      {
        rejectedShare: totals.rejectedBytes / totals.arrivedBytes,
        // Nothing queues in this track.
        p99OverBudget: 0,
        reservedOverPeak: reserved(outcome, policy),
        changesPerMinute: totals.changesPerMinute,
      },
      weights,
    );
  });
}

/** Packets. */
function rejects({ trace, totals }: TraceOutcome, policy: PolicyName): number {
  return totals[policy].rejectedBytes / trace.plan.packetBytes;
}

function reserved({ trace, totals }: TraceOutcome, policy: PolicyName): number {
  return totals[policy].reservedMean / trace.peakDemand;
}

function countedBursts({ trace }: TraceOutcome): number {
  return trace.plan.bursts.filter(({ timeMs }) => timeMs >= trace.countedFromMs).length;
}

function ratio(one: number, other: number): number {
  return other === 0 ? (one === 0 ? 1 : Number.POSITIVE_INFINITY) : one / other;
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

function mean<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.length === 0 ? 0 : sum(items, pick) / items.length;
}
