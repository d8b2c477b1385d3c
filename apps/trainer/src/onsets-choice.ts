import {
  fitLogistic,
  onsetRivals,
  type RankedOutcome,
  RankedScores,
  REQUEST_ONSETS,
  type RequestDay,
  RequestOnsetModel,
  type RequestOnsetRecipe,
  scoredSeconds,
} from '@levitate/models';
import type { Kernel } from '@levitate/neural';
import type { TrainingContext } from './training.ts';

/** Recipes that are tried, by name. */
export type OnsetRecipes = Readonly<Record<string, RequestOnsetRecipe>>;

/** What cross-validation over the learned days says. */
export interface OnsetChoice {
  /** Name of the best recipe by average precision. */
  recipe: string;
  /** The recipe that was chosen. */
  settings: RequestOnsetRecipe;
  /** Average precision by recipe. */
  recipes: Record<string, number>;
  /** Average precision of the baselines on the same days, each fitted on the same other days. */
  rivals: Record<string, number>;
  /** Who serves: the model's name, or the best baseline. */
  winner: string;
  /** Platt's map on the log odds of days that were not learned from. */
  slope: number;
  intercept: number;
}

/** One quiet second in so many is what the map is fitted on, and counts for as many. */
const QUIET_STRIDE = 11;

/**
 * Choose a recipe by cross-validation: each day is scored by what learned the days of the other
 * folds. The test days take no part. The map to probabilities is fitted on the same held-out
 * scores of the chosen recipe.
 */
export async function chooseOnsetRecipe(
  input: { days: readonly RequestDay[]; recipes: OnsetRecipes; folds: number },
  context: Pick<TrainingContext, 'seed' | 'say' | 'signal'> & { kernel: Kernel },
): Promise<OnsetChoice> {
  const { days, recipes, folds } = input;
  const held = new Map<string, RankedOutcome[]>();
  const add = (name: string, day: RequestDay, scores: ArrayLike<number>) => {
    const outcomes = held.get(name) ?? [];
    let row = 0;
    for (const second of scoredSeconds(day)) {
      const cameTrue = day.isComing[second] === 1;
      outcomes.push({ score: scores[row++] as number, cameTrue, block: days.indexOf(day) });
    }
    held.set(name, outcomes);
  };
  for (let fold = 0; fold < folds; fold++) {
    context.say(`cross-validation, fold ${fold + 1} of ${folds}`);
    const others = days.filter((_, index) => index % folds !== fold);
    const scorers = { ...onsetRivals(others) };
    for (const [name, recipe] of Object.entries(recipes)) {
      await new Promise(setImmediate);
      context.signal.throwIfAborted();
      const seed = `onsets ${context.seed} ${name} fold ${fold}`;
      const model = RequestOnsetModel.train(others, { kernel: context.kernel, seed, recipe });
      scorers[`${RECIPE}${name}`] = (day, seconds) => model.scores(day, seconds);
    }
    for (const day of days.filter((_, index) => index % folds === fold)) {
      const seconds = [...scoredSeconds(day)];
      for (const [name, score] of Object.entries(scorers)) add(name, day, score(day, seconds));
    }
  }
  return choiceOf(held, recipes);
}

const RECIPE = 'recipe ';

function choiceOf(
  held: ReadonlyMap<string, readonly RankedOutcome[]>,
  recipes: OnsetRecipes,
): OnsetChoice {
  const tried: Record<string, number> = {};
  const rivals: Record<string, number> = {};
  for (const [name, outcomes] of held) {
    const area = new RankedScores(outcomes).averagePrecision() ?? 0;
    if (name.startsWith(RECIPE)) tried[name.slice(RECIPE.length)] = area;
    else rivals[name] = area;
  }
  const recipe = best(tried);
  const rival = best(rivals);
  const hasWon = (tried[recipe] ?? 0) > (rivals[rival] ?? 0);
  return {
    recipe,
    settings: recipes[recipe] as RequestOnsetRecipe,
    recipes: tried,
    rivals,
    winner: hasWon ? REQUEST_ONSETS : rival,
    ...plattOf(held.get(`${RECIPE}${recipe}`) ?? []),
  };
}

function best(areas: Record<string, number>): string {
  const [first] = Object.entries(areas).toSorted(([, one], [, other]) => other - one);
  if (first === undefined) throw new RangeError('nothing to choose from');
  return first[0];
}

function plattOf(outcomes: readonly RankedOutcome[]): { slope: number; intercept: number } {
  const kept = outcomes.filter(({ cameTrue }, at) => cameTrue || at % QUIET_STRIDE === 0);
  const fitted = fitLogistic({
    inputs: Float64Array.from(kept, ({ score }) => score),
    features: 1,
    outcomes: Uint8Array.from(kept, ({ cameTrue }) => (cameTrue ? 1 : 0)),
    weights: Float64Array.from(kept, ({ cameTrue }) => (cameTrue ? 1 : QUIET_STRIDE)),
  });
  const [coefficient = 0, mean = 0, deviation = 1] = [
    fitted.coefficients[0],
    fitted.means[0],
    fitted.deviations[0],
  ];
  const slope = coefficient / deviation;
  return { slope, intercept: fitted.intercept - slope * mean };
}
