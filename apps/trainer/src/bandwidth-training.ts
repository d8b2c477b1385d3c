import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  BandwidthForecaster,
  type BandwidthTaskOptions,
  type BandwidthTrace,
  type BandwidthVariant,
  bandwidthManifest,
  bandwidthSets,
  bandwidthSpec,
  bandwidthTaskModule,
  calibrateBandwidth,
  evaluateBandwidth,
  learnedInputs,
  readBandwidthTraces,
  SERVED_STEPS,
  type SetEvaluation,
  type SplitPart,
  splitTraces,
  writeModelFile,
} from '@levitate/models';
import {
  cosineSchedule,
  Network,
  openTrainingKernel,
  type Parameter,
  type TrainOutcome,
  train,
} from '@levitate/neural';
import { writeBandwidthReport } from './bandwidth-report.ts';
import { type TrainingContext, TrainingDataError } from './training.ts';

const KERNEL = 'wasm';
/**
 * Networks whose answers are averaged; each takes its own training. The second one learns from
 * warped traces: two that err differently err less together.
 */
const MEMBERS: readonly { draws: string; variant: BandwidthVariant }[] = [
  // `draws` names the chance of a member; what was chosen on validation was chosen with these.
  { draws: 'member 1 of 1', variant: { dropout: 0.2 } },
  { draws: 'member 1', variant: { dropout: 0.3, warp: { decades: 0.5, octaves: 0.3 } } },
];
const EPOCHS = 16;
const BATCH = 16;
const PATIENCE = 8;
const LEARNING_RATE = 1.5e-3;
const CLIP_NORM = 1;
/** Files of each set in a quick run, and its epochs. */
const QUICK = { filesMax: 10, epochs: 1, stride: 20 };
/** To choose who serves, every so many windows say enough; the test part is scored on all. */
const STRIDES: Readonly<Record<SplitPart, number>> = { training: 4, validation: 4, test: 1 };

/** A network after its training. */
export interface TrainedMember {
  variant: BandwidthVariant;
  network: Network;
  outcome: TrainOutcome;
}

/** What a report is written of. */
export interface BandwidthResults {
  members: readonly TrainedMember[];
  forecaster: BandwidthForecaster;
  parts: { trace: BandwidthTrace; part: SplitPart }[];
  validation: readonly SetEvaluation[];
  test: readonly SetEvaluation[];
}

/** `levitate train bandwidth`: members, calibration, choice on validation, test once, report. */
export async function bandwidthTraining(context: TrainingContext): Promise<readonly string[]> {
  const { dataDirectory, seed, quick, modelDirectory } = context;
  const filesMax = quick ? QUICK.filesMax : undefined;
  const traces = readTraces(dataDirectory, filesMax);
  const parts = splitTraces(traces, seed);
  const of = (part: SplitPart) => traces.filter((_, index) => parts[index] === part);
  const dataSha256 = hashOf(traces.map(({ sha256 }) => sha256));
  const options: BandwidthTaskOptions = { dataDirectory, splitSeed: seed, filesMax, dataSha256 };
  const members: TrainedMember[] = [];
  for (const index of MEMBERS.keys()) {
    members.push(await trainMember(context, { index, options }));
  }
  const learned = learnedInputs(of('training'));
  const networks = members.map(({ network }) => network) as [Network, ...Network[]];
  const parameters = members.flatMap(({ network }, member) =>
    network.parameters.map((each) => named(each, member)),
  );
  const made = { id: 'bandwidth@1', members: networks, learned };
  context.say('calibrating and choosing on the validation part');
  const calibration = { traces: of('validation'), learned };
  const offsets = calibrateBandwidth(new BandwidthForecaster(made), calibration);
  const forecaster = new BandwidthForecaster({ ...made, offsets });
  const score = (part: SplitPart) => evaluate(context, { forecaster, part, of });
  const validation = await score('validation');
  context.say('scoring the test part');
  const test = await score('test');
  const draft = bandwidthManifest({
    command: commandOf(context),
    traces,
    parts,
    learned,
    offsets,
    members: MEMBERS.length,
    training: trainingOf(context, members),
    validation,
    test,
  });
  await writeModelFile({ folder: modelDirectory, draft, parameters });
  const joined = traces.map((trace, index) => ({ trace, part: parts[index] as SplitPart }));
  const results = { members, forecaster, parts: joined, validation, test };
  const report = writeBandwidthReport(context, results);
  for (const file of checkpointsOf(context)) rmSync(file, { force: true });
  return ['manifest.json', 'weights.f32'].map((file) => join(modelDirectory, file)).concat(report);
}

/** The command that does the same again. */
export function commandOf({ seed, workers, quick }: TrainingContext): string {
  return `levitate train bandwidth --seed ${seed} --workers ${workers}${quick ? ' --quick' : ''}`;
}

function readTraces(dataDirectory: string, filesMax: number | undefined): BandwidthTrace[] {
  const traces = readBandwidthTraces({ dataDirectory, ...(filesMax && { filesMax }) });
  const missing = bandwidthSets.filter(({ name }) => !traces.some(({ set }) => set === name));
  if (missing.length === 0) return traces;
  const folders = missing.map(({ kind }) => join(dataDirectory, 'traces', kind));
  throw new TrainingDataError(`no traces in: ${folders.join(', ')}`);
}

async function trainMember(
  context: TrainingContext,
  { index, options }: { index: number; options: BandwidthTaskOptions },
): Promise<TrainedMember> {
  const { seed, workers, quick, signal } = context;
  const name = `member ${index + 1} of ${MEMBERS.length}`;
  const { draws, variant } = MEMBERS[index] as (typeof MEMBERS)[number];
  const outcome = await train({
    task: { module: bandwidthTaskModule, options: { ...options, variant } },
    kernel: KERNEL,
    workers,
    seed: `bandwidth ${seed} ${draws}`,
    batch: BATCH,
    epochs: quick ? QUICK.epochs : EPOCHS,
    patience: PATIENCE,
    schedule: cosineSchedule({ peak: LEARNING_RATE }),
    clipNorm: CLIP_NORM,
    checkpoint: checkpointsOf(context)[index],
    signal,
    onProgress: (progress) => context.progress({ stage: name, ...progress }),
  });
  const spec = bandwidthSpec({ answers: 'last step', steps: SERVED_STEPS });
  const network = new Network(spec, { kernel: await openTrainingKernel(KERNEL), seed: 0 });
  for (const [at, parameter] of network.parameters.entries()) {
    parameter.values.set(outcome.parameters[at]?.values ?? []);
  }
  return { variant, network, outcome };
}

/** One a member; gone once the model is written: other code must not go on from them. */
function checkpointsOf({ checkpointDirectory }: TrainingContext): string[] {
  return MEMBERS.map((_, index) => join(checkpointDirectory, `member-${index + 1}.checkpoint`));
}

function hashOf(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join()).digest('hex');
}

function named(parameter: Parameter, member: number): Parameter {
  return { ...parameter, name: `member ${member + 1}/${parameter.name}` };
}

function evaluate(
  { quick, signal }: TrainingContext,
  options: {
    forecaster: BandwidthForecaster;
    part: SplitPart;
    of: (part: SplitPart) => BandwidthTrace[];
  },
): Promise<SetEvaluation[]> {
  return evaluateBandwidth({
    forecaster: options.forecaster,
    traces: options.of(options.part),
    training: options.of('training'),
    stride: quick ? QUICK.stride : STRIDES[options.part],
    pause: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  });
}

function trainingOf({ seed, workers }: TrainingContext, members: readonly TrainedMember[]) {
  const epochs = members.map(({ outcome }) => outcome.history.length);
  const best = members.map(({ outcome }) => outcome.bestEpoch);
  return {
    seed: String(seed),
    kernel: KERNEL,
    workers,
    batch: BATCH,
    epochs: Math.max(1, ...epochs),
    bestEpoch: Math.max(...best),
  } as const;
}
