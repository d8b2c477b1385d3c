import { type BandwidthBaseline, bandwidthBaselines, LAST_VALUE } from './bandwidth-baselines.ts';
import type { BandwidthForecaster } from './bandwidth-forecaster.ts';
import type { BandwidthForecast } from './bandwidth-outputs.ts';
import { type BandwidthScore, coverage, scoreBandwidth } from './bandwidth-score.ts';
import { type BandwidthSetName, bandwidthSets } from './bandwidth-sets.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { type BandwidthWindow, eachWindow, HORIZON } from './bandwidth-windows.ts';
import { windowBefore } from './cut-series.ts';
import { NlinearMap } from './nlinear-map.ts';
import { type ForecastOutcome, wape } from './wape.ts';

/** The learned forecaster, among the names of the others. */
export const LEARNED_BANDWIDTH = 'LSTM';

/** How the learned forecaster and its baselines do on one set. */
export interface SetEvaluation {
  set: BandwidthSetName;
  traces: number;
  windows: number;
  /** By name of the forecaster, the learned one first. */
  scores: Readonly<Record<string, BandwidthScore>>;
  /** Share inside the 80 % interval, of the mean over ten seconds. */
  coverage80: number;
  /** Share at or below each stated quantile (10, 50, 90 %) of that mean. */
  below: readonly [number, number, number];
  /** 1 - WAPE of each second ahead: the learned median, and last value. */
  stepAccuracy: { learned: readonly number[]; lastValue: readonly number[] };
  /** Share inside the 80 % interval of each second ahead. */
  stepCoverage80: readonly number[];
}

/** What is evaluated. */
export interface EvaluationOptions {
  forecaster: BandwidthForecaster;
  /** The part to score. */
  traces: readonly BandwidthTrace[];
  /** What the fitted baseline learns from; none: it is left out. */
  training: readonly BandwidthTrace[];
  /** Every so many windows of a trace; default all. */
  stride?: number;
  /** Called between traces: lets signals in, and throws where it shall end. */
  pause?: (done: { trace: number; traces: number }) => Promise<void>;
}

/** Score a forecaster and every baseline on each set, errors pooled over its windows. */
export async function evaluateBandwidth(options: EvaluationOptions): Promise<SetEvaluation[]> {
  const { traces, training } = options;
  const evaluations: SetEvaluation[] = [];
  for (const { name: set } of bandwidthSets) {
    const own = traces.filter((trace) => trace.set === set);
    if (own.length === 0) continue;
    const taught = training.filter((trace) => trace.set === set);
    const fitted = taught.length > 0 ? NlinearMap.fit(taught) : undefined;
    const tally = new SetTally(bandwidthBaselines(fitted));
    for (const trace of own) {
      await options.pause?.({ trace: traces.indexOf(trace), traces: traces.length });
      tally.add(trace, options);
    }
    evaluations.push({ set, traces: own.length, ...tally.evaluation() });
  }
  return evaluations;
}

/** The best of the baselines on a set. */
export function bestBaseline({ scores }: SetEvaluation): { name: string; accuracy: number } {
  const rivals = Object.entries(scores).filter(([name]) => name !== LEARNED_BANDWIDTH);
  const [best] = rivals.toSorted(([, a], [, b]) => b.accuracy - a.accuracy);
  return { name: best?.[0] ?? LAST_VALUE, accuracy: best?.[1].accuracy ?? 0 };
}

/** 1 - WAPE / WAPE of last value. */
export function skillOf({ scores }: SetEvaluation, name: string): number {
  const error = 1 - (scores[name]?.accuracy ?? 0);
  const naive = 1 - (scores[LAST_VALUE]?.accuracy ?? 0);
  return naive === 0 ? 0 : 1 - error / naive;
}

class SetTally {
  readonly #baselines: readonly BandwidthBaseline[];
  readonly #outcomes: Map<string, ForecastOutcome[]>;
  readonly #learned: { actual: number; forecast: BandwidthForecast }[] = [];
  readonly #steps = Array.from({ length: HORIZON }, () => new StepTally());

  constructor(baselines: readonly BandwidthBaseline[]) {
    this.#baselines = baselines;
    const names = [LEARNED_BANDWIDTH, ...baselines.map(({ name }) => name)];
    this.#outcomes = new Map(names.map((name) => [name, []]));
  }

  add({ series }: BandwidthTrace, { forecaster, stride = 1 }: EvaluationOptions): void {
    const windows = eachWindow(series).filter((_, index) => index % stride === 0);
    const forecasts = forecaster.forecasts(
      windows.map(({ origin }) => windowBefore(series, origin)),
    );
    for (const [index, { origin, actual }] of windows.entries()) {
      const forecast = forecasts[index] as BandwidthForecast;
      this.#learned.push({ actual, forecast });
      const last = series.bandwidthBytesPerSecond[origin] as number;
      for (const [step, tally] of this.#steps.entries()) {
        const came = series.bandwidthBytesPerSecond[origin + 1 + step] ?? Number.NaN;
        if (!Number.isNaN(came)) tally.add(came, { stated: forecast.steps[step], last });
      }
    }
    this.#note(LEARNED_BANDWIDTH, { windows, means: forecasts.map(({ mean }) => mean.q50) });
    for (const { name, means } of this.#baselines) {
      this.#note(name, { windows, means: means(series, windows) });
    }
  }

  evaluation(): Omit<SetEvaluation, 'set' | 'traces'> {
    const scores = [...this.#outcomes].map(([name, each]) => [name, scoreBandwidth(each)] as const);
    const stated = this.#learned.map(({ actual, forecast }) => ({ actual, ...forecast.mean }));
    const below = (q: 'q10' | 'q50' | 'q90') =>
      stated.filter((each) => each.actual <= each[q]).length / Math.max(1, stated.length);
    return {
      windows: this.#learned.length,
      scores: Object.fromEntries(scores),
      coverage80: coverage(
        stated.map(({ actual, q10: low, q90: high }) => ({ actual, low, high })),
      ),
      below: [below('q10'), below('q50'), below('q90')],
      stepAccuracy: {
        learned: this.#steps.map((step) => 1 - wape(step.learned)),
        lastValue: this.#steps.map((step) => 1 - wape(step.lastValue)),
      },
      stepCoverage80: this.#steps.map(({ inside, learned }) => inside / (learned.length || 1)),
    };
  }

  #note(
    name: string,
    { windows, means }: { windows: readonly BandwidthWindow[]; means: ArrayLike<number> },
  ): void {
    const outcomes = this.#outcomes.get(name) ?? [];
    for (const [index, { actual }] of windows.entries()) {
      outcomes.push({ actual, forecast: means[index] as number });
    }
  }
}

/** Outcomes of one second ahead. */
class StepTally {
  readonly learned: ForecastOutcome[] = [];
  readonly lastValue: ForecastOutcome[] = [];
  inside = 0;

  add(
    actual: number,
    { stated, last }: { stated: BandwidthForecast['steps'][number] | undefined; last: number },
  ): void {
    if (stated === undefined) return;
    this.learned.push({ actual, forecast: stated.q50 });
    this.lastValue.push({ actual, forecast: last });
    if (actual >= stated.q10 && actual <= stated.q90) this.inside += 1;
  }
}
