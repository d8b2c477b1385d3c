import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  BURST_STEPS,
  BurstCorpus,
  type BurstTaskOptions,
  burstFeatures,
  burstLstmSpec,
  burstTaskModule,
  burstTransformerSpec,
  chooseAnnounceFrom,
  fitBurstCalibration,
  HAZARD_BINS,
  type JudgedSecond,
  judgeTrace,
  LEARNED_FORECASTER,
  MAGNITUDE_LEVELS,
  writeModelFile,
} from '@levitate/models';
import {
  cosineSchedule,
  Network,
  type NetworkSpec,
  openKernel,
  type TrainOutcome,
  train,
} from '@levitate/neural';
import { burstPartSizes, prepareBurstCorpora } from './burst-corpora.ts';
import { type BurstJudgement, familiesOn, judgeBurst } from './burst-judgement.ts';
import { writeBurstReport } from './burst-report.ts';
import { type DatasetCorpora, datasetCorpora } from './dataset-corpora.ts';
import { isDataset } from './is-dataset.ts';
import type { TrainingContext } from './training.ts';

const KERNEL = 'wasm';
const BATCH = 32;
const EPOCH_WINDOWS = 3200;
const VALIDATION_WINDOWS = 380;
const PATIENCE = 6;
const CLIP_NORM = 1;

/** A network that takes part, and how it is trained. */
export interface BurstCandidate {
  family: 'lstm' | 'transformer';
  spec: NetworkSpec;
  answers: BurstTaskOptions['answers'];
  epochs: number;
  peak: number;
}

function candidates(quick: boolean): readonly BurstCandidate[] {
  // 3x128 learns less in the same time: a third of the steps.
  const size = quick ? { units: 8, layers: 1 } : { units: 64, layers: 2 };
  return [
    {
      family: 'lstm',
      spec: burstLstmSpec(size),
      answers: 'every',
      epochs: quick ? 1 : 24,
      peak: 4e-3,
    },
    {
      family: 'transformer',
      spec: burstTransformerSpec(quick ? { width: 8, layers: 1, heads: 2 } : {}),
      answers: 'last',
      epochs: quick ? 1 : 10,
      peak: 1e-3,
    },
  ];
}

/** A candidate after its training. */
export interface TrainedCandidate {
  candidate: BurstCandidate;
  outcome: TrainOutcome;
  network: Network;
}

/** `levitate train burst`: traffic, networks, calibration, choice, test once, report. */
export async function burstTraining(context: TrainingContext): Promise<readonly string[]> {
  const isOfDataset = isDataset(context.dataDirectory);
  const dataset = isOfDataset ? await datasetCorpora(context) : undefined;
  const files = dataset?.files ?? (await prepareBurstCorpora(context));
  const trained: TrainedCandidate[] = [];
  for (const candidate of candidates(context.quick)) {
    trained.push(await trainCandidate(context, candidate, files));
  }
  const [served] = trained as [TrainedCandidate, ...TrainedCandidate[]];
  context.say('judging on validation, calibration and test');
  const calibrating = judgeFile(served.network, files.calibration);
  const map = fitBurstCalibration(calibrating);
  const sizes = burstPartSizes('validation', context.quick);
  const validating = judgeFile(served.network, files.validation);
  const ramps = validating.slice(sizes.periodic, sizes.periodic + sizes.precursor);
  const announceFrom = chooseAnnounceFrom(dataset === undefined ? ramps : validating, map);
  const settings = { ...map, announceFrom };
  const judgement = await judgeBurst({ context, trained, settings, files });
  if (dataset !== undefined) judgement.split = `${dataset.rule}; judged on generated links`;
  await writeModelFile({
    folder: context.modelDirectory,
    parameters: served.outcome.parameters,
    draft: draftOf({ context, served, settings, judgement, dataset }),
  });
  const own = dataset && {
    origin: dataset.origin,
    families: familiesOn(dataset.files.test, trained),
  };
  const report = writeBurstReport({ context, trained, settings, judgement, dataset: own });
  // Other code must not go on from them.
  const families = trained.map(({ candidate }) => checkpointOf(context, candidate));
  for (const file of [...families, ...Object.values(files)]) rmSync(file, { force: true });
  return [
    join(context.modelDirectory, 'manifest.json'),
    join(context.modelDirectory, 'weights.f32'),
    ...report,
  ];
}

async function trainCandidate(
  context: TrainingContext,
  candidate: BurstCandidate,
  files: { training: string; validation: string },
): Promise<TrainedCandidate> {
  const options: BurstTaskOptions = {
    spec: candidate.spec,
    answers: candidate.answers,
    trainingFile: files.training,
    validationFile: files.validation,
    windows: context.quick ? 64 : EPOCH_WINDOWS,
    validationWindows: context.quick ? 16 : VALIDATION_WINDOWS,
  };
  const outcome = await train({
    task: { module: burstTaskModule, options },
    kernel: KERNEL,
    workers: context.workers,
    seed: `burst ${candidate.family} ${context.seed}`,
    batch: BATCH,
    epochs: candidate.epochs,
    patience: PATIENCE,
    schedule: cosineSchedule({ peak: candidate.peak }),
    clipNorm: CLIP_NORM,
    checkpoint: checkpointOf(context, candidate),
    signal: context.signal,
    onProgress: (progress) => context.progress({ stage: candidate.family, ...progress }),
  });
  const network = new Network(candidate.spec, { kernel: await openKernel(KERNEL), seed: 0 });
  network.parameters.forEach((parameter, index) => {
    parameter.values.set(outcome.parameters[index]?.values ?? []);
  });
  return { candidate, outcome, network };
}

function judgeFile(network: Network, file: string): JudgedSecond[][] {
  const corpus = BurstCorpus.read(file);
  return Array.from({ length: corpus.traces }, (_, trace) =>
    judgeTrace(network, { corpus, trace }),
  );
}

type Draft = Parameters<typeof writeModelFile>[0]['draft'];

function draftOf(input: {
  context: TrainingContext;
  served: TrainedCandidate;
  settings: { slope: number; intercept: number; announceFrom: number };
  judgement: BurstJudgement;
  dataset: DatasetCorpora | undefined;
}): Draft {
  const { context, served, settings, judgement, dataset } = input;
  const { outcome, candidate } = served;
  return {
    name: 'burst',
    version: '1',
    capability: 'burst',
    family: candidate.family,
    description: `Onsets within ${HAZARD_BINS} s; served under the name "${LEARNED_FORECASTER}".`,
    origin: {
      kind: 'trained',
      command: commandOf(context, dataset),
    },
    spec: structuredClone(candidate.spec) as Draft['spec'],
    inputs: {
      steps: BURST_STEPS,
      stepMs: 1000,
      features: burstFeatures.map(({ name, unit }) => ({ name, unit })),
      normalisation: { kind: 'own-level', parameters: {} },
    },
    outputs: {
      steps: 1,
      stepMs: 1000,
      values: [
        { name: 'hazard', unit: 'logit, one-second bins', width: HAZARD_BINS },
        { name: 'log_magnitude', unit: 'quantiles of ln', width: MAGNITUDE_LEVELS.length },
        { name: 'time', unit: `${HAZARD_BINS} s`, width: 1 },
      ],
    },
    data: dataset?.data ?? [],
    split: judgement.split,
    training: {
      seed: String(context.seed),
      kernel: KERNEL,
      workers: context.workers,
      batch: BATCH,
      epochs: candidate.epochs,
      bestEpoch: outcome.bestEpoch,
    },
    classes: judgement.classes,
    calibration: {
      probability: { kind: 'platt', slope: settings.slope, intercept: settings.intercept },
      expectedCalibrationError: judgement.ece,
      claim: judgement.claim,
      other: { announce_from: settings.announceFrom },
    },
  };
}

/** The command that does the same again. */
function commandOf(
  { seed, workers, dataDirectory }: TrainingContext,
  dataset: DatasetCorpora | undefined,
): string {
  const data = dataset === undefined ? '' : ` --data ${basename(dataDirectory)}`;
  return `levitate train burst --seed ${seed} --workers ${workers}${data}`;
}

function checkpointOf(context: TrainingContext, { family }: BurstCandidate): string {
  return join(context.checkpointDirectory, `${family}.checkpoint`);
}
