import { TargetController } from '@levitate/control';
import { type CostWeights, cost, costWeights } from '@levitate/queueing';
import { planTraffic, type TrafficKind } from '@levitate/traffic';
import {
  constantForecasts,
  type Forecasts,
  perfectForecasts,
  realForecasts,
  shuffledForecasts,
  streamOf,
} from './forecast-streams.ts';
import {
  type PoolPolicy,
  type PoolTotals,
  type PoolTrace,
  poolTrace,
  runPool,
  TICK_MS,
} from './slow-resource-run.ts';

/** Conditions of track T4, generated part (SPEC 12). */
const ACTUATION_DELAY_MS = 1000;
const MAX_CHANGES_PER_MINUTE = 60;
const BURST_LENGTH_S = [0.5, 3] as const;
const BASE_PPS = [1000, 5000] as const;
/** Room for the highest base with decoys. */
const DRAIN_BYTES_PER_SECOND = 5000 * 1500 * 4.2;
/** The smallest pool, as a share of the peak demand. */
const MIN_SHARE = 0.02;
/** Hold of the reactive law for the bar, and of its preset for pools, ms. */
const HOLD_MS = 10_000;
const POOL_HOLD_MS = 60_000;
/** A cell whose baseline rejected less than this many packets says nothing. */
const REJECTS_MIN = 10;

const PREDICTABLE = ['periodic', 'precursor'] as const;
const UNPREDICTABLE = ['random', 'self-similar'] as const;

const POLICIES = [
  'reactive',
  'reactiveHold60',
  'staticMax',
  'real',
  'perfect',
  'shuffled',
  'constant',
] as const;
type PolicyName = (typeof POLICIES)[number];

export interface SlowResourceFigures {
  metrics: Record<string, number>;
  baseline: Record<string, number>;
  environment: Record<string, unknown>;
  notMeasured: Record<string, string>;
}

/** One trace under every policy. */
interface TraceOutcome {
  trace: PoolTrace;
  totals: Record<PolicyName, PoolTotals>;
}

/**
 * Track T4, generated part: a pool whose new capacity is usable 1 s after it was asked for, under
 * the reactive law, a static maximum, and the controller with real, perfect, shuffled and constant
 * forecasts. The forecasters see the arrivals only, never the plan they were drawn from.
 */
export async function measureSlowResource(options: {
  seed: number;
  quick: boolean;
  progress: (text: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<SlowResourceFigures> {
  const traces = options.quick ? 4 : 20;
  const durationMs = options.quick ? 300_000 : 900_000;
  const outcomes = new Map<TrafficKind, TraceOutcome[]>();
  for (const kind of [...PREDICTABLE, ...UNPREDICTABLE]) {
    const all: TraceOutcome[] = [];
    for (let index = 0; index < traces; index++) {
      options.signal?.throwIfAborted();
      options.progress(`T4 ${kind} ${index + 1}/${traces}`);
      all.push(runTrace({ kind, seed: `${options.seed}-t4-${index}`, durationMs }));
      await new Promise(setImmediate);
    }
    outcomes.set(kind, all);
  }
  return figures({ outcomes, traces, durationMs });
}

function runTrace(at: { kind: TrafficKind; seed: string; durationMs: number }): TraceOutcome {
  const plan = planTraffic({
    ...at,
    basePps: BASE_PPS,
    drainBytesPerSecond: DRAIN_BYTES_PER_SECOND,
    burst: { by: 'amplitude', lengthS: BURST_LENGTH_S },
  });
  const trace = poolTrace(plan);
  const real = realForecasts(trace);
  const run = (policy: PoolPolicy, forecasts?: Forecasts) =>
    runPool({
      trace,
      policy,
      actuationDelayMs: ACTUATION_DELAY_MS,
      forecasts: forecasts && streamOf(forecasts),
    });
  const predictive = (forecasts: Forecasts) =>
    run(controlled(trace, { isPredictive: true }), forecasts);
  return {
    trace,
    totals: {
      reactive: run(controlled(trace, { isPredictive: false })),
      reactiveHold60: run(controlled(trace, { isPredictive: false, holdMs: POOL_HOLD_MS })),
      staticMax: run(() => trace.peakDemand),
      real: predictive(real),
      perfect: predictive(perfectForecasts(trace, real)),
      shuffled: predictive(shuffledForecasts(real, at.seed)),
      constant: predictive(constantForecasts(real)),
    },
  };
}

/** The product's own controller, the same envelope for every law. */
function controlled(trace: PoolTrace, law: { isPredictive: boolean; holdMs?: number }): PoolPolicy {
  const controller = new TargetController({
    kind: 'capacity',
    predictive: law.isPredictive,
    min: MIN_SHARE * trace.peakDemand,
    max: trace.peakDemand,
    latencyBudgetMs: 150,
    maxChangesPerMinute: MAX_CHANGES_PER_MINUTE,
    actuationDelayMs: ACTUATION_DELAY_MS,
    periodMs: TICK_MS,
    holdMs: law.holdMs ?? HOLD_MS,
    setpoint: 0.8,
  });
  return ({ nowMs, sample, forecast, usable, requested }) =>
    controller.step({ nowMs, sample, forecast, size: usable, requested }).allowed;
}

function figures(at: {
  outcomes: Map<TrafficKind, TraceOutcome[]>;
  traces: number;
  durationMs: number;
}): SlowResourceFigures {
  const of = (kinds: readonly TrafficKind[]) =>
    kinds.flatMap((kind) => at.outcomes.get(kind) ?? []);
  const metrics: Record<string, number> = {};
  const notMeasured: Record<string, string> = {};
  const baseline: Record<string, number> = {};
  const predictable = of(PREDICTABLE);
  const rejects = (outcome: TraceOutcome, policy: PolicyName) =>
    outcome.totals[policy].rejectedBytes / outcome.trace.plan.packetBytes;
  const reactiveRejects = sum(predictable, (outcome) => rejects(outcome, 'reactive'));
  const realRejects = sum(predictable, (outcome) => rejects(outcome, 'real'));
  if (reactiveRejects < REJECTS_MIN) {
    notMeasured['t4_1s_drops_vs_reactive'] =
      `the reactive law rejected ${reactiveRejects} packets, fewer than ${REJECTS_MIN}`;
  } else metrics['t4_1s_drops_vs_reactive'] = realRejects / reactiveRejects;
  metrics['t4_1s_reserved_vs_static_max'] = mean(predictable, (outcome) =>
    reserved(outcome, 'real'),
  );
  for (const [suffix, weights] of weightings()) {
    Object.assign(metrics, gains({ of, weights, suffix }));
  }
  for (const kind of [...PREDICTABLE, ...UNPREDICTABLE]) {
    for (const policy of POLICIES) {
      const key = `t4_${kind}_${policy}`;
      baseline[`${key}_cost`] = meanCost(of([kind]), policy, costWeights.standard);
      baseline[`${key}_rejects`] = sum(of([kind]), (outcome) => rejects(outcome, policy));
      baseline[`${key}_reserved`] = mean(of([kind]), (outcome) => reserved(outcome, policy));
    }
  }
  const ratios = predictable
    .map((outcome) => ratio(rejects(outcome, 'real'), rejects(outcome, 'reactive')))
    .toSorted((a, b) => a - b);
  const environment = {
    t4_traces_per_class: at.traces,
    t4_trace_seconds: at.durationMs / 1000,
    t4_counted_bursts: sum(predictable, countedBursts),
    t4_drops_vs_reactive_median_trace: ratios[ratios.length >> 1],
    t4_drops_vs_reactive_worst_trace: ratios.at(-1),
    t4_kernel: 'simulated pool, 100 ms steps',
  };
  return { metrics, baseline, environment, notMeasured };
}

/** Gains of the ablation (the worse class counts) and the price on unpredictable traffic. */
function gains(at: {
  of: (kinds: readonly TrafficKind[]) => TraceOutcome[];
  weights: CostWeights;
  suffix: string;
}): Record<string, number> {
  const { of, weights, suffix } = at;
  let realShare = Number.POSITIVE_INFINITY;
  let shuffledShare = 0;
  for (const kind of PREDICTABLE) {
    const price = (policy: PolicyName) => meanCost(of([kind]), policy, weights);
    const rival = Math.min(price('reactive'), price('staticMax'), price('constant'));
    const gain = (policy: PolicyName) => 1 - price(policy) / rival;
    realShare = Math.min(realShare, gain('real') / gain('perfect'));
    const shuffled = gain('shuffled') / gain('perfect');
    if (Math.abs(shuffled) > Math.abs(shuffledShare)) shuffledShare = shuffled;
  }
  const random = of(UNPREDICTABLE);
  return {
    [`gain_real_over_perfect${suffix}`]: realShare,
    [`gain_shuffled_over_perfect${suffix}`]: shuffledShare,
    [`unpredictable_cost_vs_reactive${suffix}`]:
      meanCost(random, 'real', weights) / meanCost(random, 'reactive', weights),
  };
}

function weightings(): [suffix: string, weights: CostWeights][] {
  const { standard, alt1, alt2 } = costWeights;
  return [
    ['', standard],
    ['_alt1', alt1],
    ['_alt2', alt2],
  ];
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
