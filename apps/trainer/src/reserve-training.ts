import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  cutSeries,
  REQUEST_KINDS,
  type RequestKind,
  type RequestPart,
  type RequestSeries,
  type ReserveCorpus,
  ReserveModel,
  readRequestSeries,
  requestFiles,
  splitRequestSeries,
  trainReserve,
  writeModelFile,
} from '@levitate/models';
import { openTrainingKernel } from '@levitate/neural';
import { judgeReserve } from './reserve-judgement.ts';
import { reserveManifest } from './reserve-manifest.ts';
import { writeReserveReport } from './reserve-report.ts';
import { type TrainingContext, TrainingDataError } from './training.ts';

const UNITS = [48, 24] as const;
const STEPS = 24_000;
const LEARNING_RATE = 6e-3;
const QUICK = { units: [8], steps: 150 };
/** Longest series that is learned from, and how many of a kind: memory. */
const DAY_S = 86_400;
const DAYS_MAX = 10;

/**
 * How often each kind is drawn. Weights were set on the validation part; the last two kinds are an
 * hour each, and drawn more often they would be learned by heart.
 */
const WEIGHTS: Record<RequestKind, number> = {
  'requests-1s-twitter': 5,
  'requests-1min-worldcup98': 4,
  'requests-arrivals-azure-llm': 0.4,
  'requests-1s-autothrottle': 0.2,
};

/** The traces of one kind, divided. */
export interface ReserveKind {
  kind: RequestKind;
  parts: Record<RequestPart, RequestSeries[]>;
  files: { path: string; sha256: string }[];
}

/** `levitate train reserve`: how much of a slow pool to reserve for requests (SPEC 4.1, T4). */
export async function reserveTraining(context: TrainingContext): Promise<readonly string[]> {
  const { quick, seed, signal, modelDirectory } = context;
  const kinds = readKinds(context);
  const settings = quick ? QUICK : { units: [...UNITS], steps: STEPS };
  const started = performance.now();
  const checkpoint = join(context.checkpointDirectory, 'reserve.checkpoint');
  let first: number | undefined;
  const { network, moments, loss } = await trainReserve(corporaOf(kinds), {
    ...settings,
    kernel: await openTrainingKernel('wasm'),
    seed: `reserve ${seed}`,
    learningRate: LEARNING_RATE,
    ...{ signal, checkpoint },
    onStep(step, told) {
      first ??= step;
      const eachS = (performance.now() - started) / 1000 / (step + 1 - first);
      context.progress({
        stage: 'reserve',
        epoch: 1,
        epochs: 1,
        step,
        steps: settings.steps,
        loss: told,
        etaSeconds: eachS * (settings.steps - step),
      });
    },
  });
  const model = new ReserveModel({ network, moments });
  context.say('validation and test part at equal reserve');
  const judgement = await judgeReserve({ kinds, model, context });
  const command = commandOf(context);
  await writeModelFile({
    folder: modelDirectory,
    parameters: network.parameters,
    draft: reserveManifest({ command, context, kinds, network, moments, judgement }),
  });
  rmSync(checkpoint, { force: true });
  const report = writeReserveReport({ context, command, judgement, loss, ...settings });
  return [join(modelDirectory, 'manifest.json'), join(modelDirectory, 'weights.f32'), ...report];
}

function commandOf({ seed, workers, quick }: TrainingContext): string {
  return `levitate train reserve --seed ${seed} --workers ${workers}${quick ? ' --quick' : ''}`;
}

function readKinds({ dataDirectory, seed, quick }: TrainingContext): ReserveKind[] {
  const kinds = REQUEST_KINDS.flatMap((kind) => {
    const series = readRequestSeries({ kind, dataDirectory, seed });
    if (series.length === 0) return [];
    const files = requestFiles(dataDirectory, kind).map((file) => {
      const bytes = readFileSync(join(dataDirectory, 'traces', kind, file));
      return {
        path: `traces/${kind}/${file}`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
    });
    const short = quick ? series.map(shortened) : series;
    return [{ kind, parts: splitRequestSeries(short), files }];
  });
  if (kinds.some(({ kind }) => kind === 'requests-1s-twitter')) return kinds;
  throw new TrainingDataError(`no traces in ${join(dataDirectory, 'traces', REQUEST_KINDS[0])}`);
}

function shortened(series: RequestSeries): RequestSeries {
  return cutSeries(series, { from: 0, length: Math.min(series.demand.length, 3600) });
}

/** Whole days at most, and not more of them than memory should hold, evenly over the part. */
function corporaOf(kinds: readonly ReserveKind[]): ReserveCorpus[] {
  return kinds.map(({ kind, parts: { training } }) => {
    const days = training.flatMap((series) => {
      const count = Math.ceil(series.demand.length / DAY_S);
      return Array.from({ length: count }, (_, day) => {
        const from = day * DAY_S;
        return cutSeries(series, { from, length: Math.min(DAY_S, series.demand.length - from) });
      });
    });
    const stride = Math.max(1, days.length / DAYS_MAX);
    const taken = days.filter((_, day) => Math.floor(day % stride) === 0);
    return { weight: WEIGHTS[kind], series: taken.slice(0, DAYS_MAX) };
  });
}
