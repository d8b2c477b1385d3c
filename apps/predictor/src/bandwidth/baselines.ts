import {
  ewma,
  harmonicMean,
  holtWinters,
  type LevelForecaster,
  linear,
  nlinear,
  persistence,
  seasonalNaive,
} from '@levitate/forecast';
import { HORIZON_STEPS } from './path-window.ts';

/** The forecasters no model is ever without, the one that serves when nothing else does first. */
export const baselineNames = [
  'persistence',
  'seasonal-naive',
  'holt-winters',
  'linear',
  'nlinear',
  'ewma',
  'harmonic-mean',
] as const;
/** @see baselineNames */
export type BaselineName = (typeof baselineNames)[number];

/** Whether a name is that of a baseline in service. */
export function isBaseline(name: string): name is BaselineName {
  return (baselineNames as readonly string[]).includes(name);
}

/** The baseline that a manifest means by a winner's name; undefined where it is none. */
export function baselineOf(winner: string): BaselineName | undefined {
  const name = winner
    .toLowerCase()
    .replace(/, online$| of 5$/, '')
    .replace(/ 0\.\d+$/, '')
    .replaceAll(' ', '-');
  if (name === 'last-value') return 'persistence';
  return isBaseline(name) ? name : undefined;
}

/** One of each, knowing nothing yet. */
export function newBaselines(): LevelForecaster[] {
  return baselineNames.map(newBaseline);
}

/** @see newBaselines */
export function newBaseline(name: BaselineName): LevelForecaster {
  const options = { stepsMax: HORIZON_STEPS, residualsMax: RESIDUALS_MAX };
  return makers[name](options);
}

const makers = {
  persistence,
  'seasonal-naive': seasonalNaive,
  'holt-winters': holtWinters,
  linear,
  nlinear,
  ewma,
  'harmonic-mean': harmonicMean,
} satisfies Record<BaselineName, unknown>;
/** Bands come from the race; the forecasters' own residuals only carry their quantiles. */
const RESIDUALS_MAX = 60;
