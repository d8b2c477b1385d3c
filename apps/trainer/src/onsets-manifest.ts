import {
  type ManifestDraft,
  REQUEST_ONSETS,
  type RequestOnsetModel,
  requestFeatureNames,
} from '@levitate/models';
import type { OnsetChoice } from './onsets-choice.ts';
import type { OnsetJudgement } from './onsets-judgement.ts';
import type { OnsetDays } from './onsets-training.ts';
import type { TrainingContext } from './training.ts';

/** What the source of the traces says of its licence. */
const LICENCE = 'none stated at top level (reconfigurable-ml-pipeline/ipa)';
/** Rows of one step of Adam. */
const BATCH = 256;

/** The manifest of a model of request bursts before its weights are known. */
export function onsetsManifest(input: {
  command: string;
  context: Pick<TrainingContext, 'seed' | 'workers'>;
  days: OnsetDays;
  model: RequestOnsetModel;
  choice: OnsetChoice;
  test: OnsetJudgement;
}): ManifestDraft {
  const { command, context, days, model, choice, test } = input;
  const { means, deviations } = model.moments;
  const isTest = (path: string) => days.test.some(({ name }) => path.endsWith(`/${name}`));
  const areaOf = (area: number) => ({ average_precision: area });
  const each = (areas: Record<string, number>) =>
    Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, areaOf(area)]));
  return {
    name: REQUEST_ONSETS,
    version: '1',
    capability: 'burst',
    family: 'dense',
    description: 'Bursts of requests within 10 s, for links that count requests by the second.',
    origin: { kind: 'trained', command },
    spec: structuredClone(model.members[0]?.spec) as ManifestDraft['spec'],
    inputs: {
      steps: 1,
      stepMs: 1000,
      features: requestFeatureNames.map(({ name, unit }) => ({ name, unit })),
      normalisation: {
        kind: 'standard',
        parameters: { means: [...means], deviations: [...deviations] },
      },
    },
    outputs: {
      steps: 1,
      stepMs: 1000,
      values: [{ name: 'onset', unit: 'log odds of one within 10 s', width: 1 }],
    },
    data: days.files.map((file) => ({
      ...file,
      licence: LICENCE,
      use: isTest(file.path) ? 'test' : 'training and, held out in turn, validation',
    })),
    split:
      'by day: two thirds to learn from and, in four folds, to choose by; the last third to score',
    training: {
      seed: String(context.seed),
      kernel: 'wasm',
      workers: context.workers,
      batch: BATCH,
      epochs: choice.settings.epochs,
      bestEpoch: choice.settings.epochs,
    },
    classes: {
      'requests-1s-twitter': {
        winner: choice.winner,
        chosenBy: 'average_precision',
        validation: {
          [REQUEST_ONSETS]: areaOf(choice.recipes[choice.recipe] ?? 0),
          ...each(choice.rivals),
        },
        test: each(test.areas),
      },
    },
    calibration: {
      probability: { kind: 'platt', slope: choice.slope, intercept: choice.intercept },
    },
  };
}
