import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type BurstTrace,
  DatasetError,
  type DatasetPart,
  datasetParts,
  equalPieces,
  LINK_SECONDS_MIN,
  labelledBursts,
  type ManifestDraft,
  readDatasetLinks,
  readDatasetManifest,
  writeCorpus,
} from '@levitate/models';
import type { BurstPart } from './burst-corpora.ts';
import { type TrainingContext, TrainingDataError } from './training.ts';

/** What a burst training takes from a dataset. */
export interface DatasetCorpora {
  /** A corpus of each part. */
  files: Record<BurstPart, string>;
  /** For the manifest: every file of the dataset that was read. */
  data: ManifestDraft['data'];
  /** How its parts were made. */
  rule: string;
  /** Where it came from, for a reader. */
  origin: string;
}

/** Whether a data folder is what `levitate dataset` writes. */
export function isDataset(folder: string): boolean {
  return existsSync(join(folder, 'dataset.json'));
}

/**
 * The parts of a dataset as corpora: its train part to learn from, its test part for the report;
 * of the pieces of its validation part every other one calibrates. They are made anew at each
 * start: a dataset that was made again under the same name is another one.
 * @throws TrainingDataError where the dataset is torn or a part holds too little
 */
export async function datasetCorpora(
  context: Pick<TrainingContext, 'dataDirectory' | 'checkpointDirectory' | 'signal' | 'say'>,
): Promise<DatasetCorpora> {
  const { dataDirectory, checkpointDirectory, say } = context;
  try {
    const { rule, captures, generated } = await readDatasetManifest(dataDirectory);
    const hashes = new Map<DatasetPart, string>();
    for (const part of datasetParts) hashes.set(part, await hashOf(dataDirectory, part));
    const name = [...hashes.values()].map((hash) => hash.slice(0, 8)).join('-');
    const files = filesIn(checkpointDirectory, name);
    const train = await piecesOf(context, 'train');
    const validation = await piecesOf(context, 'validation');
    if (validation.length < 2) throw tooLittle(dataDirectory, 'validation');
    writeCorpus(files.training, train);
    writeCorpus(files.validation, everyOther(validation, 0));
    writeCorpus(files.calibration, everyOther(validation, 1));
    const test = await piecesOf(context, 'test');
    writeCorpus(files.test, test);
    const origin = `${captures.length} captures and ${generated.links} generated links`;
    say(`dataset of ${origin}: ${train.length} pieces to learn from, ${test.length} to test on`);
    return { files, rule, origin, data: datasetParts.map((part) => fileOf(part, hashes)) };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new TrainingDataError(`${error.message}\nnext: ${error.nextStep}`, { cause: error });
  }
}

async function piecesOf(
  { dataDirectory, signal, say }: Pick<TrainingContext, 'dataDirectory' | 'signal' | 'say'>,
  part: DatasetPart,
): Promise<BurstTrace[]> {
  const traces: BurstTrace[] = [];
  for await (const link of readDatasetLinks(dataDirectory, part)) {
    signal.throwIfAborted();
    const trace = labelledBursts(link);
    if (trace.count >= LINK_SECONDS_MIN) traces.push(trace);
    else say(`${part} part: ${link.name} is left out, ${trace.count} s of ${LINK_SECONDS_MIN}`);
  }
  if (traces.length === 0) throw tooLittle(dataDirectory, part);
  return equalPieces(traces);
}

function tooLittle(folder: string, part: DatasetPart): TrainingDataError {
  return new TrainingDataError(
    `${folder}: its ${part} part holds too little to train with\n` +
      'next: capture for longer, or mix more bursts in: levitate dataset --bursts 1000',
  );
}

function everyOther(pieces: readonly BurstTrace[], first: 0 | 1): BurstTrace[] {
  return pieces.filter((_, index) => index % 2 === first);
}

function filesIn(folder: string, name: string): Record<BurstPart, string> {
  const file = (part: BurstPart) => join(folder, `dataset-${name}-${part}.f32`);
  return {
    training: file('training'),
    validation: file('validation'),
    calibration: file('calibration'),
    test: file('test'),
  };
}

/** Of both files of a part. */
async function hashOf(folder: string, part: DatasetPart): Promise<string> {
  const hash = createHash('sha256');
  for (const lines of ['samples', 'onsets']) {
    const file = join(folder, `${part}.${lines}.jsonl`);
    if (!existsSync(file)) throw new DatasetError(file, 'is missing');
    await pipeline(createReadStream(file), hash, { end: false });
  }
  return hash.digest('hex');
}

const uses: Readonly<Record<DatasetPart, string>> = {
  train: 'training',
  validation: 'validation and calibration',
  test: 'test',
};

function fileOf(part: DatasetPart, hashes: ReadonlyMap<DatasetPart, string>) {
  const path = `${part}.samples.jsonl and ${part}.onsets.jsonl`;
  const sha256 = hashes.get(part) ?? '';
  return { path, sha256, licence: 'captured and generated by its owner', use: uses[part] };
}
