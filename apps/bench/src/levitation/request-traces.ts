import {
  JUDGED_DELAYS_S,
  judgedParts,
  learnedPolicy,
  loadModelFile,
  openReserveModel,
  REQUEST_KINDS,
  RESERVE_SHARE,
  type RequestKind,
  type RequestSeries,
  reactivePolicies,
  readRequestSeries,
  splitRequestSeries,
  type TunedPolicy,
  tune,
  UNCOUNTED_SECONDS,
} from '@levitate/models';
import { openKernel } from '@levitate/neural';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { hindsightPolicies } from './hindsight-policies.ts';
import { type ForecastTrace, forecastPolicies, forecastTrace } from './request-policies.ts';

/** A cell whose baseline rejected fewer requests says nothing. */
const BASELINE_REJECTS_MIN = 10;
/** Traces shorter than this say nothing: most of them would not count. */
const SHORTEST_SECONDS = 4 * UNCOUNTED_SECONDS;
/** Of a quick run. */
const QUICK_PARTS = { longest: 1800, parts: 1 };
/** The model that comes with the source. */
const MODEL = new URL('../../../../models/reserve', import.meta.url).pathname;

/** The parts of the traces of one kind. */
type KindTraces = Record<'training' | 'validation' | 'test', ForecastTrace[]>;

/** What one kind of trace came to, at one delay. */
interface KindOutcome {
  kind: RequestKind;
  arrived: number;
  /** Rejects by policy: what serves, the reactive one, and those stated beside them. */
  rejected: Record<string, number>;
  /** Who serves the kind, by the validation part, and which reactive policy it is held against. */
  policies: { served: string; reactive: string };
}

/**
 * Track T4, real part: real requests on a pool whose new capacity is usable 1 s (5 s) after the
 * request. Every policy is given 1.2 x the demand in reserve on every trace and is set so that it
 * uses exactly that. The shipped reserve model learned on the first half of the traces of a kind
 * (`splitRequestSeries`); reactive policies are tuned on the same half. Who serves a kind, the
 * learned policy, a level forecaster or the reactive one, is chosen on the next sixth, and the last
 * third is scored. Rejects are summed per kind, the ratio is the mean over kinds.
 */
export async function measureRequestTraces(context: BenchContext): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const outcomes = new Map<number, KindOutcome[]>(JUDGED_DELAYS_S.map((delay) => [delay, []]));
  const used: Record<string, unknown> = {};
  const file = await loadModelFile(MODEL);
  const learned = learnedPolicy(openReserveModel(file, await openKernel('auto')));
  for (const kind of REQUEST_KINDS) {
    const traces = await forecastKind(kind, context);
    used[kind] = traces.test.map(({ name }) => name);
    if (traces.training.length === 0 || traces.test.length === 0) continue;
    for (const delaySeconds of JUDGED_DELAYS_S) {
      context.progress(`T4 ${kind}: choosing and testing at ${delaySeconds} s`);
      await pause(context.signal);
      outcomes.get(delaySeconds)?.push(scoreKind(kind, { traces, delaySeconds, learned }));
    }
  }
  figures.environment.t4_real_test_traces = used;
  figures.environment.t4_real_reserve_over_demand = RESERVE_SHARE;
  figures.environment.t4_real_model = `${file.id}: sizes in this bench alone, no service asks it`;
  for (const [delay, kinds] of outcomes) addFigures(figures, { delay, kinds });
  return figures;
}

async function forecastKind(kind: RequestKind, context: BenchContext): Promise<KindTraces> {
  const series = readRequestSeries({ kind, ...context });
  const { training, validation, test } = splitRequestSeries(series);
  const forecast = async (part: readonly RequestSeries[], name: string) => {
    const traces: ForecastTrace[] = [];
    for (const shown of partsOf(part, context)) {
      if (shown.demand.length < SHORTEST_SECONDS) continue;
      context.progress(`T4 ${kind}: forecasts for the ${name} part, ${shown.name}`);
      await pause(context.signal);
      traces.push(forecastTrace(shown));
    }
    return traces;
  };
  return {
    training: await forecast(training, 'training'),
    validation: await forecast(validation, 'validation'),
    test: await forecast(test, 'test'),
  };
}

/** Three hours of a file, at another time of day from file to file; of a single file several. */
function partsOf(part: readonly RequestSeries[], { quick }: BenchContext): RequestSeries[] {
  if (quick) return judgedParts(part.slice(0, 1), QUICK_PARTS);
  return judgedParts(part);
}

function scoreKind(
  kind: RequestKind,
  at: { traces: KindTraces; delaySeconds: number; learned: TunedPolicy },
): KindOutcome {
  const { traces, delaySeconds, learned } = at;
  const reactive = tune(reactivePolicies, { traces: traces.training, delaySeconds });
  const forecast = tune(forecastPolicies, { traces: traces.training, delaySeconds });
  const rivals: TunedPolicy<ForecastTrace>[] = [reactive, forecast, learned];
  // Of two files none is left to choose by: then the reactive policy serves.
  const isChosen = traces.validation.length > 0;
  const served = isChosen ? tune(rivals, { traces: traces.validation, delaySeconds }) : reactive;
  const policies: Record<string, TunedPolicy<ForecastTrace>> = {
    served,
    reactive,
    learned,
    forecast,
    ...hindsightPolicies,
  };
  const outcome: KindOutcome = {
    kind,
    arrived: 0,
    rejected: {},
    policies: { served: served.name, reactive: reactive.name },
  };
  for (const trace of traces.test) {
    const results = Object.entries(policies).map(
      ([name, policy]) => [name, policy.run(trace, { delaySeconds })] as const,
    );
    const of = Object.fromEntries(results);
    // A policy that cannot use the reserve it is given is no rival, and no result either.
    if (of.served === undefined || of.reactive === undefined) continue;
    outcome.arrived += of.reactive.arrived;
    for (const [name, result] of results) {
      const rejected = result?.rejected ?? of.reactive.arrived;
      outcome.rejected[name] = (outcome.rejected[name] ?? 0) + rejected;
    }
  }
  return outcome;
}

function addFigures(
  figures: BenchFigures,
  { delay, kinds }: { delay: number; kinds: readonly KindOutcome[] },
): void {
  const key = `t4_${delay}s_rejects_vs_tuned_reactive`;
  const counted = kinds.filter(({ rejected }) => (rejected.reactive ?? 0) >= BASELINE_REJECTS_MIN);
  figures.baseline[key] = Object.fromEntries(
    kinds.map((kind) => [
      kind.kind,
      {
        arrived: kind.arrived,
        rejected: rounded(kind.rejected),
        ratio: ratioOf(kind, 'served'),
        void: !counted.includes(kind),
        ...kind.policies,
      },
    ]),
  );
  if (counted.length === 0) {
    figures.notMeasured[key] = 'no kind of request trace with enough traces was found';
    return;
  }
  const mean = (policy: string) =>
    counted.reduce((total, kind) => total + ratioOf(kind, policy), 0) / counted.length;
  figures.metrics[key] = mean('served');
  figures.metrics[`t4_${delay}s_rejects_statistical`] = mean('forecast');
  figures.metrics[`t4_${delay}s_rejects_rate_known`] = mean('rateKnown');
  figures.metrics[`t4_${delay}s_rejects_oracle`] = mean('oracle');
}

function rounded(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, Math.round(n)]));
}

/** 0/0 counts as 1. */
function ratioOf({ rejected }: KindOutcome, policy: string): number {
  const { [policy]: ours = 0, reactive = 0 } = rejected;
  return ours === reactive ? 1 : ours / reactive;
}

/** Let signals in between two long computations. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
