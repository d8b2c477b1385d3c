import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import {
  type BandwidthBaseline,
  bandwidthBaselines,
  LiquidEnsemble,
  type LiquidSetScore,
  LSTM,
  liquidDraft,
  PathSampler,
  type PathSenses,
  type PathSource,
  scoreLiquid,
  storedParameters,
  targetVariance,
  writeModelFile,
} from '@levitate/models';
import { type LiquidNetwork, type Network, openTrainingKernel } from '@levitate/neural';
import { liquidClasses, meanAccuracy } from './liquid/liquid-classes.ts';
import { type LiquidData, liquidData, liquidSplit } from './liquid/liquid-data.ts';
import { writeLiquidReport } from './liquid/liquid-report.ts';
import { MemberCheckpoints } from './liquid/member-checkpoints.ts';
import { rivalDraft } from './liquid/rival-draft.ts';
import { EPOCH } from './liquid/stage-progress.ts';
import {
  checkpointNames,
  type EnsembleSettings,
  learnedParameters,
  trainMembers,
  trainRivals,
} from './liquid/train-ensemble.ts';
import type { TrainingContext } from './training.ts';

/** `LIQUID_SPARSITY` that the shipped model is wired with. */
const SPARSITY = 0.4;

/** The UCC set alone has a round trip, none has loss or a clock: what is not there stays masked. */
const SENSES: PathSenses = { roundTrip: true, loss: false, clock: false };

const FULL: EnsembleSettings = {
  members: 6,
  size: { units: 32, motors: 8, sparsity: SPARSITY },
  updates: 1800,
  batch: 8,
  learningRate: 0.01,
  rivalRates: [0.01, 0.003],
  senses: SENSES,
};

const QUICK: EnsembleSettings = { ...FULL, members: 2, updates: 60, rivalRates: [0.01] };

/** Stretches that the variance of the targets is taken from. */
const VARIANCE_STRETCHES = 2000;
/** One window in so many is scored for the choice on the validation part. */
const VALIDATION_STRIDE = 5;
/** And so many on the test part; the bench scores all of them. */
const TEST_STRIDE = 2;

/** Trains the ensemble, and beside it an LSTM that learns as many numbers from the same data. */
export async function liquidTraining(context: TrainingContext): Promise<readonly string[]> {
  const settings = context.quick ? QUICK : FULL;
  const data = liquidData(context);
  const checkpoints = new MemberCheckpoints({
    folder: context.checkpointDirectory,
    fingerprint: JSON.stringify({ settings, files: data.files }),
  });
  const task = { settings, sources: data.training, checkpoints, context };
  const networks = await trainMembers(task);
  const ensemble = ensembleOf(networks, { settings, data, seed: context.seed });
  const kernel = await openTrainingKernel('wasm');
  const parameters = learnedParameters(networks);
  const rivals = await trainRivals({ ...task, kernel, parameters });
  const scoring = { ensemble, context, data };
  const { rival, validation } = await chooseRival(rivals, scoring);
  context.say('scoring the test part');
  const test = await scores(data.test, {
    ...scoring,
    rivals: { [LSTM]: rival },
    stride: TEST_STRIDE,
  });
  const outcome = { settings, networks, rival, validation, test, parameters };
  const files = await writeModels({ ...outcome, ensemble, context, data, kernel: kernel.name });
  checkpoints.clear(checkpointNames(settings));
  return files;
}

function ensembleOf(
  networks: readonly LiquidNetwork[],
  options: { settings: EnsembleSettings; data: LiquidData; seed: number },
): LiquidEnsemble {
  const { settings, data, seed } = options;
  const sampler = new PathSampler(data.training, settings.senses);
  const random = new SeededRandom(seed).fork('liquid/variance');
  const stretches = Array.from({ length: VARIANCE_STRETCHES }, () => sampler.draw(random).example);
  const variance = targetVariance(stretches);
  return new LiquidEnsemble({
    id: 'liquid@1',
    networks,
    senses: settings.senses,
    targetVariance: variance,
  });
}

interface Scoring {
  ensemble: LiquidEnsemble;
  context: TrainingContext;
  data: LiquidData;
}

/** The rival that validates best; all of them stand in the scores. */
async function chooseRival(
  rivals: ReadonlyMap<number, Network>,
  scoring: Scoring,
): Promise<{ rival: Network; validation: LiquidSetScore[] }> {
  scoring.context.say('scoring the validation part');
  const named = [...rivals].map(([rate, rival]) => [`${LSTM}, rate ${rate}`, rival] as const);
  const validation = await scores(scoring.data.validation, {
    ...scoring,
    rivals: Object.fromEntries(named),
    stride: VALIDATION_STRIDE,
  });
  const mean = meanAccuracy(validation);
  const [best] = named.toSorted(([a], [b]) => (mean[b] ?? 0) - (mean[a] ?? 0));
  if (best === undefined) throw new RangeError('no rival was trained');
  const [name, rival] = best;
  // The one that is set beside the ensemble stands under its short name.
  const renamed = validation.map(({ accuracy, ...rest }) => {
    const { [name]: own = Number.NaN, ...others } = accuracy;
    return { ...rest, accuracy: { ...others, [LSTM]: own } };
  });
  return { rival, validation: renamed };
}

async function scores(
  sources: readonly PathSource[],
  options: Scoring & { rivals: Readonly<Record<string, Network>>; stride: number },
): Promise<LiquidSetScore[]> {
  const { ensemble, rivals, context, stride } = options;
  const scored: LiquidSetScore[] = [];
  for (const { name, series } of sources) {
    context.signal.throwIfAborted();
    const baselines = (): BandwidthBaseline[] => bandwidthBaselines();
    const asked = { set: name, paths: series, ensemble, senses: SENSES, rivals, baselines, stride };
    scored.push(scoreLiquid(asked));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return scored;
}

async function writeModels(outcome: {
  settings: EnsembleSettings;
  networks: readonly LiquidNetwork[];
  ensemble: LiquidEnsemble;
  rival: Network;
  validation: readonly LiquidSetScore[];
  test: readonly LiquidSetScore[];
  parameters: number;
  context: TrainingContext;
  data: LiquidData;
  kernel: 'typescript' | 'wasm' | 'openblas';
}): Promise<readonly string[]> {
  const { settings, networks, ensemble, rival, context, data, kernel } = outcome;
  const { seed, modelDirectory: folder, reportDirectory } = context;
  const training = {
    seed: `${seed}`,
    workers: 1,
    batch: settings.batch,
    epochs: Math.ceil(settings.updates / EPOCH),
    bestEpoch: Math.ceil(settings.updates / EPOCH),
  };
  const classes = liquidClasses(outcome.validation, outcome.test);
  const card = { command: `levitate train liquid --seed ${seed}`, split: liquidSplit, classes };
  const description =
    'Ensemble of closed-form continuous-time networks: bandwidth of a path, next ten seconds.';
  const draft = liquidDraft({
    ...settings,
    ...card,
    description,
    data: data.files,
    targetVariance: ensemble.targetVariance,
    training: { ...training, kernel: 'typescript' },
  });
  await writeModelFile({ folder, draft, parameters: storedParameters(networks) });
  const rivalFolder = join(folder, 'rival');
  await writeModelFile({
    folder: rivalFolder,
    draft: rivalDraft({ ...card, rival, data: data.files, training: { ...training, kernel } }),
    parameters: rival.parameters,
  });
  const report = writeLiquidReport({ ...outcome, folder: reportDirectory, seed });
  return [join(folder, 'manifest.json'), join(rivalFolder, 'manifest.json'), ...report];
}
