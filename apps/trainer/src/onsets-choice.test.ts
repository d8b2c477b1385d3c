import { SeededRandom } from '@levitate/clock';
import { REQUEST_ONSETS, type RequestDay, requestDay } from '@levitate/models';
import { openTrainingKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { chooseOnsetRecipe, type OnsetRecipes } from './onsets-choice.ts';
import { judgeOnsets } from './onsets-judgement.ts';

/** Days whose bursts follow the clock: what a recipe that learns enough can know. */
function dayOf(name: string): RequestDay {
  const random = new SeededRandom(name);
  const values = Float64Array.from({ length: 4200 }, () => random.poisson(40));
  for (const onset of [1000, 2800]) values.fill(220, onset, onset + 15);
  return requestDay(name, values);
}

const days = ['a', 'b', 'c', 'd'].map(dayOf);
const context = {
  seed: 1,
  say: () => {},
  signal: new AbortController().signal,
  kernel: await openTrainingKernel('wasm'),
};
const recipes: OnsetRecipes = {
  untaught: { units: 4, members: 1, epochs: 0 },
  taught: { units: 4, members: 1, epochs: 6 },
};

it('chooses by days held out in turn, and maps what they scored to probabilities', async () => {
  const choice = await chooseOnsetRecipe({ days, recipes, folds: 2 }, context);
  expect(choice.recipe).toBe('taught');
  expect(choice.settings).toEqual(recipes.taught);
  expect(choice.recipes.taught).toBeGreaterThan(choice.recipes.untaught ?? 1);
  expect(Object.keys(choice.rivals)).toContain('logistic');
  const best = Math.max(...Object.values(choice.rivals));
  expect(choice.winner === REQUEST_ONSETS).toBe((choice.recipes.taught ?? 0) > best);
  expect(choice.slope).toBeGreaterThan(0);
});

it('hands the class to a baseline where no recipe beats it', async () => {
  const { untaught } = recipes;
  const choice = await chooseOnsetRecipe(
    { days, recipes: { untaught: untaught as OnsetRecipes[string] }, folds: 2 },
    context,
  );
  expect(Object.keys(choice.rivals)).toContain(choice.winner);
});

it('judges a model that knows everything above every baseline', () => {
  const model = {
    scores: (day: unknown, seconds: readonly number[]) =>
      Float64Array.from(seconds, (second) => (day as RequestDay).isComing[second] ?? 0),
  };
  const { areas, onsets, curves } = judgeOnsets({
    model,
    learned: days.slice(0, 3),
    days: days.slice(3),
  });
  expect(onsets).toBe(2);
  expect(areas[REQUEST_ONSETS]).toBe(1);
  expect(Math.max(...Object.values(areas))).toBe(1);
  expect(curves[REQUEST_ONSETS]?.at(-1)?.[0]).toBe(1);
});
