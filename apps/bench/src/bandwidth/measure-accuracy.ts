import {
  type BandwidthTrace,
  bestBaseline,
  evaluateBandwidth,
  LAST_VALUE,
  LEARNED_BANDWIDTH,
  type Manifest,
  readBandwidthTraces,
  type SetEvaluation,
  skillOf,
} from '@levitate/models';
import type { BenchContext, BenchFigures } from '../bench.ts';
import type { ShippedBandwidth } from './shipped-bandwidth.ts';

/** Sets that the mean accuracy and the coverage are of. */
const MAIN_SETS = ['4g', '5g', 'oboe'];
/** Windows looked at in a quick run: every so many of a trace. */
const QUICK_STRIDE = 40;

/** Accuracy of what serves, by set, on the traces that neither training nor choice has seen. */
export async function measureAccuracy(
  context: BenchContext,
  { forecaster, manifest }: ShippedBandwidth,
): Promise<BenchFigures> {
  const traces = readBandwidthTraces(context);
  const used = partsOf(traces, manifest);
  const evaluations = await evaluateBandwidth({
    forecaster,
    traces: used.test,
    training: used.training,
    stride: context.quick ? QUICK_STRIDE : 1,
    async pause({ trace, traces: count }) {
      if (trace % 10 === 0) context.progress(`bandwidth: trace ${trace + 1} of ${count}`);
      await new Promise((resolve) => setImmediate(resolve));
      context.signal.throwIfAborted();
    },
  });
  return accuracyFigures(evaluations, manifest);
}

/**
 * Which traces may be scored: those the model's training and validation did not read, by their
 * hash. Traces that the model has never heard of are test traces too.
 */
export function partsOf(
  traces: readonly BandwidthTrace[],
  { data }: Pick<Manifest, 'data'>,
): { training: BandwidthTrace[]; test: BandwidthTrace[] } {
  const uses = new Map(data.map(({ sha256, use }) => [sha256, use]));
  const of = (uses_: readonly (string | undefined)[]) =>
    traces.filter(({ sha256 }) => uses_.includes(uses.get(sha256)));
  return { training: of(['training']), test: of(['test', undefined]) };
}

/** Turn evaluations into the keys of the bench. Pure. */
export function accuracyFigures(
  evaluations: readonly SetEvaluation[],
  { classes }: Pick<Manifest, 'classes'>,
): BenchFigures {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const servedBy: Record<string, string> = {};
  const accuracies = new Map<string, number>();
  for (const set of [...MAIN_SETS, 'ucc']) {
    const evaluation = evaluations.find((each) => each.set === set);
    const keys = ['accuracy', 'skill', 'vs_best_baseline'].map((key) => `${key}_${set}`);
    if (evaluation === undefined) {
      const why = 'the data folder has no test trace of this set';
      for (const key of keys) figures.notMeasured[key] = why;
      continue;
    }
    const winner = classes[set]?.winner ?? LEARNED_BANDWIDTH;
    const served = winner in evaluation.scores ? winner : LAST_VALUE;
    const accuracy = evaluation.scores[served]?.accuracy ?? 0;
    const best = bestBaseline(evaluation);
    servedBy[set] = served;
    accuracies.set(set, accuracy);
    figures.metrics[`accuracy_${set}`] = accuracy;
    figures.metrics[`skill_${set}`] = skillOf(evaluation, served);
    figures.metrics[`vs_best_baseline_${set}`] =
      accuracy === best.accuracy ? 1 : accuracy / best.accuracy;
    figures.baseline[set] = rowsOf(evaluation);
  }
  const main = evaluations.filter(({ set }) => MAIN_SETS.includes(set));
  if (main.length === MAIN_SETS.length) {
    const sum = MAIN_SETS.reduce((total, set) => total + (accuracies.get(set) ?? 0), 0);
    figures.metrics.accuracy_mean = sum / MAIN_SETS.length;
    figures.metrics.coverage_80 = worstCoverage(main.map(({ coverage80 }) => coverage80));
  } else {
    const why = `not all of ${MAIN_SETS.join(', ')} were measured`;
    figures.notMeasured.accuracy_mean = why;
    figures.notMeasured.coverage_80 = why;
  }
  figures.environment.servedBy = servedBy;
  return figures;
}

/** The furthest from what it should be. */
function worstCoverage(coverages: readonly number[]): number {
  const off = (value: number) => Math.abs(value - 0.8);
  return coverages.reduce((worst, each) => (off(each) > off(worst) ? each : worst), 0.8);
}

function rowsOf(evaluation: SetEvaluation): Record<string, unknown> {
  const { traces, windows, scores, coverage80, stepAccuracy, stepCoverage80 } = evaluation;
  return {
    traces,
    windows,
    coverage_80: coverage80,
    accuracy_by_second: stepAccuracy.learned,
    last_value_by_second: stepAccuracy.lastValue,
    coverage_80_by_second: stepCoverage80,
    ...Object.fromEntries(
      Object.entries(scores).map(([name, score]) => [
        name,
        {
          accuracy: score.accuracy,
          skill: skillOf(evaluation, name),
          within_10: score.within10,
          within_20: score.within20,
          median_error: Number.isFinite(score.medianError) ? score.medianError : null,
        },
      ]),
    ),
  };
}
