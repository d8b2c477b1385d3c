import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Sample } from '@levitate/series';
import { DatasetError } from './dataset-error.ts';
import {
  type DatasetManifest,
  type DatasetOnset,
  type DatasetPart,
  datasetManifestSchema,
  datasetOnsetSchema,
} from './dataset-manifest.ts';

/** A stretch of one link within one part, with the bursts that began in it. */
export interface LabelledLink {
  name: string;
  /** In order of time; never empty. */
  samples: readonly Sample[];
  onsets: readonly DatasetOnset[];
}

/** A link that is silent for longer goes on as another stretch, milliseconds. */
const GAP_MS = 10_000;

/** @throws {DatasetError} where `dataset.json` is missing or of another form */
export async function readDatasetManifest(folder: string): Promise<DatasetManifest> {
  const file = join(folder, 'dataset.json');
  try {
    return datasetManifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new DatasetError(file, `is no manifest of a dataset: ${lineOf(cause)}`, { cause });
  }
}

/**
 * The links of a part, one after the other as they stand in the file: one link's samples are held
 * at once. A step back in time or a silence of ten seconds begins another stretch.
 * @throws {DatasetError} for a missing file; for a line that is no sample or onset, by its number
 */
export async function* readDatasetLinks(
  folder: string,
  part: DatasetPart,
): AsyncGenerator<LabelledLink> {
  const onsets = await onsetsByLink(join(folder, `${part}.onsets.jsonl`));
  let samples: Sample[] = [];
  for await (const sample of linesOf(join(folder, `${part}.samples.jsonl`), sampleOf)) {
    const last = samples.at(-1);
    const stepMs = last === undefined ? 0 : sample.timeUnixMs - last.timeUnixMs;
    const goesOn = last?.link === sample.link && stepMs >= 0 && stepMs <= GAP_MS;
    if (!goesOn && samples.length > 0) {
      yield labelled(samples, onsets);
      samples = [];
    }
    samples.push(sample);
  }
  if (samples.length > 0) yield labelled(samples, onsets);
}

function labelled(
  samples: readonly Sample[],
  onsets: ReadonlyMap<string, readonly DatasetOnset[]>,
): LabelledLink {
  const [first] = samples as [Sample, ...Sample[]];
  const { link: name } = first;
  const fromUnixMs = first.timeUnixMs - (first.intervalMs ?? 0);
  const toUnixMs = samples.at(-1)?.timeUnixMs ?? 0;
  const own = (onsets.get(name) ?? []).filter(
    ({ timeUnixMs }) => timeUnixMs >= fromUnixMs && timeUnixMs <= toUnixMs,
  );
  return { name, samples, onsets: own };
}

async function onsetsByLink(file: string): Promise<Map<string, DatasetOnset[]>> {
  const byLink = new Map<string, DatasetOnset[]>();
  for await (const onset of linesOf(file, (value) => datasetOnsetSchema.parse(value))) {
    const known = byLink.get(onset.name);
    if (known === undefined) byLink.set(onset.name, [onset]);
    else known.push(onset);
  }
  for (const onsets of byLink.values()) onsets.sort((a, b) => a.timeUnixMs - b.timeUnixMs);
  return byLink;
}

/** A line as the detector and the features take it; what is no number counts as missing. */
function sampleOf(value: unknown): Sample {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  const { name, timeUnixMs, origin, ...rest } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof timeUnixMs !== 'number') {
    throw new TypeError('a sample has a name and a timeUnixMs');
  }
  const numbers = Object.entries(rest).filter(([, each]) => typeof each === 'number');
  return { ...Object.fromEntries(numbers), link: name, timeUnixMs, origin } as Sample;
}

async function* linesOf<Value>(
  file: string,
  read: (value: unknown) => Value,
): AsyncGenerator<Value> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  const iterator = lines[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await nextOf(iterator, file);
      if (done) return;
      number += 1;
      yield parsed(value, { file, number, read });
    }
  } finally {
    lines.close();
  }
}

function parsed<Value>(
  line: string,
  { file, number, read }: { file: string; number: number; read: (value: unknown) => Value },
): Value {
  try {
    return read(JSON.parse(line));
  } catch (cause) {
    throw new DatasetError(file, `line ${number}: ${lineOf(cause)}`, { cause });
  }
}

async function nextOf(
  iterator: AsyncIterator<string>,
  file: string,
): Promise<IteratorResult<string, undefined>> {
  try {
    return await iterator.next();
  } catch (cause) {
    throw new DatasetError(file, `cannot be read: ${lineOf(cause)}`, { cause });
  }
}

/** An error in one line. */
function lineOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
}
