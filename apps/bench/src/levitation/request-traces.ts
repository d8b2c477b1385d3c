import type { BenchContext, BenchFigures } from '../bench.ts';
import { RESERVE_SHARE } from './equal-reserve.ts';
import {
  doubleDecayPolicies,
  ewmaPolicies,
  type ForecastTrace,
  forecastPolicies,
  forecastTrace,
  SHORTEST_SECONDS,
  tune,
} from './request-policies.ts';
import { REQUEST_KINDS, type RequestKind, readRequestSeries } from './request-series.ts';

/** Actuation delays of the real part of track T4, seconds. */
const DELAYS_S = [1, 5] as const;
/** A cell whose baseline rejected fewer requests says nothing. */
const BASELINE_REJECTS_MIN = 10;

/** What one kind of trace came to, at one delay. */
interface KindOutcome {
  kind: RequestKind;
  ours: number;
  tunedReactive: number;
  arrived: number;
  /** Names of the policies that were tested, by how many traces. */
  chosen: Record<string, number>;
}

/**
 * Track T4, real part: real requests on a pool whose new capacity is usable 1 s (5 s) after the
 * request. Every policy is given 1.2 x the demand in reserve on every trace and is set so that it
 * uses exactly that; the rest of its parameters are tuned on the other half of the kind's traces.
 * Rejects are summed per kind, the ratio is the mean over kinds.
 */
export async function measureRequestTraces(context: BenchContext): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const outcomes = new Map<number, KindOutcome[]>(DELAYS_S.map((delay) => [delay, []]));
  const used: Record<string, unknown> = {};
  for (const kind of REQUEST_KINDS) {
    const traces = await forecastKind(kind, context);
    used[kind] = traces.length;
    if (traces.length < 2) continue;
    for (const delaySeconds of DELAYS_S) {
      context.progress(`T4 ${kind}: tuning and testing at ${delaySeconds} s`);
      await pause(context.signal);
      outcomes.get(delaySeconds)?.push(scoreKind(kind, { traces, delaySeconds }));
    }
  }
  figures.environment.t4_real_traces = used;
  figures.environment.t4_real_reserve_over_demand = RESERVE_SHARE;
  for (const [delay, kinds] of outcomes) addFigures(figures, { delay, kinds });
  return figures;
}

async function forecastKind(kind: RequestKind, context: BenchContext): Promise<ForecastTrace[]> {
  const series = readRequestSeries({ kind, ...context });
  const traces: ForecastTrace[] = [];
  for (const [index, { name, demand }] of series.entries()) {
    if (demand.length < SHORTEST_SECONDS) continue;
    context.progress(`T4 ${kind}: forecasts for ${name} (${index + 1}/${series.length})`);
    await pause(context.signal);
    traces.push(forecastTrace(demand));
  }
  return traces;
}

/** Each half of the traces is tested with what was tuned on the other half. */
function scoreKind(
  kind: RequestKind,
  { traces, delaySeconds }: { traces: readonly ForecastTrace[]; delaySeconds: number },
): KindOutcome {
  const outcome: KindOutcome = { kind, ours: 0, tunedReactive: 0, arrived: 0, chosen: {} };
  for (const half of [0, 1]) {
    const tested = traces.filter((_, index) => index % 2 === half);
    const others = { traces: traces.filter((_, index) => index % 2 !== half), delaySeconds };
    const ours = tune(forecastPolicies, others);
    const rival = tune([...ewmaPolicies, ...doubleDecayPolicies], others);
    for (const trace of tested) {
      const mine = ours.run(trace, { delaySeconds });
      const theirs = rival.run(trace, { delaySeconds });
      // A policy that cannot use the reserve it is given is no rival, and no result either.
      if (mine === undefined || theirs === undefined) continue;
      outcome.ours += mine.rejected;
      outcome.tunedReactive += theirs.rejected;
      outcome.arrived += mine.arrived;
      for (const { name } of [ours, rival]) outcome.chosen[name] = (outcome.chosen[name] ?? 0) + 1;
    }
  }
  return outcome;
}

function addFigures(
  figures: BenchFigures,
  { delay, kinds }: { delay: number; kinds: readonly KindOutcome[] },
): void {
  const key = `t4_${delay}s_rejects_vs_tuned_reactive`;
  const counted = kinds.filter((kind) => kind.tunedReactive >= BASELINE_REJECTS_MIN);
  figures.baseline[key] = Object.fromEntries(
    kinds.map((kind) => [
      kind.kind,
      {
        rejected: Math.round(kind.ours),
        tuned_reactive_rejected: Math.round(kind.tunedReactive),
        arrived: kind.arrived,
        ratio: ratioOf(kind),
        void: !counted.includes(kind),
        policies: kind.chosen,
      },
    ]),
  );
  if (counted.length === 0) {
    figures.notMeasured[key] = 'no kind of request trace with at least two traces was found';
    return;
  }
  const sum = counted.reduce((total, kind) => total + ratioOf(kind), 0);
  figures.metrics[key] = sum / counted.length;
}

/** 0/0 counts as 1. */
function ratioOf({ ours, tunedReactive }: KindOutcome): number {
  return ours === tunedReactive ? 1 : ours / tunedReactive;
}

/** Let signals in between two long computations. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
