import type { Network } from '@levitate/neural';
import type { BandwidthBaseline } from '../bandwidth/bandwidth-baselines.ts';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';
import { type ForecastOutcome, wape } from '../bandwidth/wape.ts';
import { coherenceOf } from './coherence.ts';
import type { LiquidEnsemble } from './liquid-ensemble.ts';
import { rivalForecasts } from './lstm-rival.ts';
import type { PathSenses } from './path-features.ts';
import { meanForecast, scoredWindows } from './path-score.ts';
import type { CoherentOutcome } from './risk-coverage.ts';

/** The name under which the ensemble stands in tables and manifests. */
export const LIQUID = 'liquid';
/** The name of its rival of equal size. */
export const LSTM = 'lstm';

/** How an ensemble did on one set of paths, with everybody else beside it. */
export interface LiquidSetScore {
  set: string;
  windows: number;
  /** 1 - WAPE of the mean of the next ten seconds, by forecaster. */
  accuracy: Readonly<Record<string, number>>;
  /** Each forecast of the ensemble with its coherence, in order. */
  outcomes: readonly CoherentOutcome[];
}

/**
 * Score an ensemble, LSTMs of equal size and baselines on the same windows.
 * @param options.stride only every so many-th window; default 1
 */
export function scoreLiquid(options: {
  set: string;
  paths: readonly PathSeries[];
  ensemble: LiquidEnsemble;
  senses: PathSenses;
  /** By the name under which each stands beside the ensemble. */
  rivals: Readonly<Record<string, Network>>;
  baselines: () => readonly BandwidthBaseline[];
  stride?: number;
}): LiquidSetScore {
  const { set, paths, ensemble, senses, rivals, baselines, stride = 1 } = options;
  const byName = new Map<string, ForecastOutcome[]>();
  const add = (name: string, forecasts: ArrayLike<number>, actuals: readonly number[]) => {
    const outcomes = byName.get(name) ?? [];
    byName.set(name, outcomes);
    actuals.forEach((actual, index) => {
      outcomes.push({ actual, forecast: forecasts[index] as number });
    });
  };
  const outcomes: CoherentOutcome[] = [];
  for (const series of paths) {
    const scored = scoredWindows(series, stride);
    if (scored.length === 0) continue;
    const actuals = scored.map(({ actual }) => actual);
    const windows = scored.map(({ window }) => window);
    const { targetVariance } = ensemble;
    const own = ensemble.infer(windows).map(({ outputs, scale }, index) => ({
      actual: actuals[index] as number,
      forecast: meanForecast(outputs),
      coherence: coherenceOf({ outputs, scale, targetVariance }),
    }));
    outcomes.push(...own);
    add(
      LIQUID,
      own.map(({ forecast }) => forecast),
      actuals,
    );
    for (const [name, rival] of Object.entries(rivals)) {
      add(name, rivalForecasts(rival, windows, senses), actuals);
    }
    for (const { name, means } of baselines()) add(name, means(series, scored), actuals);
  }
  const accuracy = [...byName].map(([name, all]) => [name, 1 - wape(all)] as const);
  return { set, windows: outcomes.length, accuracy: Object.fromEntries(accuracy), outcomes };
}
