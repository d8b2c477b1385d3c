import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type RequestDay,
  RequestOnsetModel,
  readRequestSeries,
  requestDay,
  requestFiles,
  requestOnsetParameters,
  splitRequestSeries,
  writeModelFile,
} from '@levitate/models';
import { type Kernel, openTrainingKernel } from '@levitate/neural';
import { chooseOnsetRecipe, type OnsetRecipes } from './onsets-choice.ts';
import { judgeOnsets } from './onsets-judgement.ts';
import { onsetsManifest } from './onsets-manifest.ts';
import { writeOnsetsReport } from './onsets-report.ts';
import { type TrainingContext, TrainingDataError } from './training.ts';

/** The kind of trace whose bursts are learned. */
export const ONSETS_KIND = 'requests-1s-twitter';
/** Days that are learned from and chosen by, dealt out to so many folds. */
const FOLDS = 4;
/** Each day a fold has to be more than one, and one day is left to test on. */
const DAYS_MIN = 6;

const RECIPES: OnsetRecipes = {
  logistic: { units: 0, members: 1, epochs: 12 },
  'dense-8': { units: 8, members: 5, epochs: 12 },
  'dense-24': { units: 24, members: 3, epochs: 12 },
  'dense-24-short': { units: 24, members: 5, epochs: 6 },
};
const QUICK: OnsetRecipes = {
  logistic: { units: 0, members: 1, epochs: 1 },
  'dense-4': { units: 4, members: 1, epochs: 1 },
};

/** Days of requests, divided. */
export interface OnsetDays {
  /** Learned from, and in turn chosen by. */
  learned: RequestDay[];
  test: RequestDay[];
  files: { path: string; sha256: string }[];
}

/** `levitate train onsets`: bursts of real requests by the second (SPEC 3.1). */
export async function onsetsTraining(context: TrainingContext): Promise<readonly string[]> {
  const days = readDays(context);
  const kernel = await openTrainingKernel('wasm');
  const recipes = context.quick ? QUICK : RECIPES;
  const choice = await chooseOnsetRecipe(
    { days: days.learned, recipes, folds: FOLDS },
    {
      ...context,
      kernel,
    },
  );
  context.say(`${choice.recipe} learns all ${days.learned.length} days`);
  const model = trainOn(days.learned, { kernel, choice, recipes, context });
  context.say('scoring the test days');
  const test = judgeOnsets({ model, learned: days.learned, days: days.test });
  const command = commandOf(context);
  const { modelDirectory } = context;
  await writeModelFile({
    folder: modelDirectory,
    parameters: requestOnsetParameters(model),
    draft: onsetsManifest({ command, context, days, model, choice, test }),
  });
  const report = writeOnsetsReport({ context, command, days, choice, test });
  return [join(modelDirectory, 'manifest.json'), join(modelDirectory, 'weights.f32'), ...report];
}

function trainOn(
  days: readonly RequestDay[],
  parts: {
    kernel: Kernel;
    choice: { recipe: string };
    recipes: OnsetRecipes;
    context: Pick<TrainingContext, 'seed'>;
  },
): RequestOnsetModel {
  const { kernel, choice, recipes, context } = parts;
  const recipe = recipes[choice.recipe];
  if (recipe === undefined) throw new RangeError(`no recipe ${choice.recipe}`);
  return RequestOnsetModel.train(days, { kernel, seed: `onsets ${context.seed}`, recipe });
}

function commandOf({ seed, workers, quick }: TrainingContext): string {
  return `levitate train onsets --seed ${seed} --workers ${workers}${quick ? ' --quick' : ''}`;
}

function readDays({ dataDirectory, seed }: TrainingContext): OnsetDays {
  const series = readRequestSeries({ kind: ONSETS_KIND, dataDirectory, seed });
  if (series.length < DAYS_MIN) {
    const folder = join(dataDirectory, 'traces', ONSETS_KIND);
    throw new TrainingDataError(`needs ${DAYS_MIN} days in ${folder}, found ${series.length}`);
  }
  const { training, validation, test } = splitRequestSeries(series);
  const files = requestFiles(dataDirectory, ONSETS_KIND).map((file) => {
    const bytes = readFileSync(join(dataDirectory, 'traces', ONSETS_KIND, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path: `traces/${ONSETS_KIND}/${file}`, sha256 };
  });
  const dayOf = ({ name, demand }: (typeof series)[number]) => requestDay(name, demand);
  return { learned: [...training, ...validation].map(dayOf), test: test.map(dayOf), files };
}
