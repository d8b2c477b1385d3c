import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DatasetManifest, DatasetOnset, DatasetPart } from '@levitate/models';
import type { Sample } from '@levitate/series';
import { type Burst, OnsetDetector } from '@levitate/traffic';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CaptureRow, captureUnits, readCapture } from './capture-file.ts';

/** As `datasetParts`; the models are loaded only where a dataset is made. */
export const splits = ['train', 'validation', 'test'] as const satisfies readonly DatasetPart[];

/** @see makeDataset */
export interface DatasetOptions {
  readonly captures: readonly string[];
  readonly folder: string;
  /** Generated bursts to mix in, at least so many. */
  readonly bursts: number;
  readonly seed: string;
  /** Length of a generated link, milliseconds. Default ten minutes. */
  readonly linkMs?: number | undefined;
}

/** Of each link's time, oldest first: 60 % train, 20 % validation, 20 % test. */
const RULE =
  'captured links by time, 60/20/20, oldest first, a minute left out between the parts; ' +
  'generated links whole, 3 of 5 train, 1 validation, 1 test; onsets of captured links by the ' +
  'onset detector, of generated ones by the generator';
/** What a forecast sees and foresees must not lie in two parts. */
const GAP_MS = 60_000;

/**
 * Labels the onsets of captures, splits them by time and mixes generated bursts in: a folder with
 * `dataset.json`, and for each part `<part>.samples.jsonl` and `<part>.onsets.jsonl`. The same
 * input and seed give the same bytes.
 * @throws {CommandError} for captures that cannot be read or are of paths
 */
export async function makeDataset(options: DatasetOptions): Promise<DatasetManifest> {
  const { captures, folder, bursts, seed, linkMs = LINK_MS } = options;
  await mkdir(folder, { recursive: true });
  const writer = new DatasetWriter(folder);
  const stated: { file: string; sha256: string; samples: number }[] = [];
  for (const file of captures) {
    const links = new Map<string, CaptureRow[]>();
    let samples = 0;
    const header = await readCapture(file, (row) => {
      samples += 1;
      if (samples > ROWS_MAX) throw tooLong(file);
      const rows = links.get(row.name);
      if (rows === undefined) links.set(row.name, [row]);
      else rows.push(row);
    });
    if (header.series !== 'link') throw ofPaths(file);
    for (const [name, rows] of [...links].sort()) await writeLink(writer, name, rows);
    stated.push({ file: basename(file), sha256: await hashOf(file), samples });
  }
  const generated = await writeGenerated(writer, { bursts, seed, linkMs });
  const manifest: DatasetManifest = {
    ...{ kind: 'levitate-dataset', format: 1, units: captureUnits, rule: RULE, seed },
    ...{ captures: stated, generated, splits: writer.counts },
  };
  await writer.close();
  await writeFile(join(folder, 'dataset.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

async function writeLink(writer: DatasetWriter, name: string, rows: CaptureRow[]): Promise<void> {
  rows.sort((one, other) => one.timeUnixMs - other.timeUnixMs);
  const from = rows[0]?.timeUnixMs ?? 0;
  const span = (rows.at(-1)?.timeUnixMs ?? 0) - from;
  const detector = new OnsetDetector();
  let open: { split: DatasetPart; timeUnixMs: number } | undefined;
  for (const row of rows) {
    const { onset, ended, inBurst } = detector.observe(sampleOf(row));
    const split = splitAt((row.timeUnixMs - from) / Math.max(1, span), GAP_MS / Math.max(1, span));
    if (open !== undefined && ended !== undefined) {
      await writer.onset(open.split, detectedOnset(name, ended));
    }
    // A burst that did not end but became the level was none.
    if (ended !== undefined || !inBurst) open = undefined;
    if (split === undefined) continue;
    await writer.sample(split, row);
    if (onset !== undefined) open = { split, timeUnixMs: onset.timeUnixMs };
  }
  if (open === undefined) return;
  const { split, timeUnixMs } = open;
  await writer.onset(split, { name, timeUnixMs, source: 'detected' });
}

function detectedOnset(name: string, burst: Burst): DatasetOnset {
  const { timeUnixMs, peakBytesPerSecond, baselineBytesPerSecond } = burst;
  // On a link that was idle any traffic is a burst: of its size beside nothing nothing is known.
  const isKnown = baselineBytesPerSecond > 0 && peakBytesPerSecond > 0;
  const magnitude = isKnown ? peakBytesPerSecond / baselineBytesPerSecond : 1;
  return { name, timeUnixMs, source: 'detected', magnitude };
}

/** The part that a share of a link's time belongs to; undefined in the gaps between. */
function splitAt(share: number, gap: number): DatasetPart | undefined {
  // A capture too short for gaps goes without them: better some data than none.
  const width = gap < 0.1 ? gap : 0;
  if (share < 0.6) return 'train';
  if (share < 0.6 + width) return undefined;
  if (share < 0.8) return 'validation';
  return share < 0.8 + width ? undefined : 'test';
}

/** Generated links until they hold as many bursts as are wanted, in turn periodic and precursor. */
async function writeGenerated(
  writer: DatasetWriter,
  { bursts, seed, linkMs }: { bursts: number; seed: string; linkMs: number },
): Promise<{ bursts: number; links: number }> {
  if (bursts === 0) return { bursts: 0, links: 0 };
  const { generatedLink } = await import('@levitate/models');
  let made = 0;
  let links = 0;
  while (made < bursts) {
    const kind = links % 2 === 0 ? 'periodic' : 'precursor';
    const split =
      (['train', 'train', 'train', 'validation', 'test'] as const)[links % 5] ?? 'train';
    const name = `generated-${links}`;
    const { plan, startUnixMs, samples } = generatedLink({
      ...{ kind, seed: `${seed} ${links}`, durationMs: linkMs, basePps: BASE_PPS },
    });
    for (const { link: _, ...sample } of samples) await writer.sample(split, { name, ...sample });
    for (const { timeMs, peakPps } of plan.bursts) {
      const timeUnixMs = startUnixMs + timeMs;
      const magnitude = peakPps / plan.basePps;
      await writer.onset(split, { name, timeUnixMs, source: 'generated', magnitude });
    }
    made += plan.bursts.length;
    links += 1;
  }
  return { bursts: made, links };
}

const LINK_MS = 600_000;
/** SPEC 3.1: base 1,000-5,000 packets/s. */
const BASE_PPS = [1_000, 5_000] as const;

/** A row as the detector takes it; what is no measurement counts as missing there. */
function sampleOf({ name, ...row }: CaptureRow): Sample {
  return { ...row, link: name } as unknown as Sample;
}

class DatasetWriter {
  readonly counts: DatasetManifest['splits'] = {
    train: { samples: 0, onsets: 0 },
    validation: { samples: 0, onsets: 0 },
    test: { samples: 0, onsets: 0 },
  };
  readonly #streams = new Map<string, WriteStream>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    for (const split of splits) {
      for (const part of ['samples', 'onsets']) this.#stream(`${split}.${part}.jsonl`);
    }
  }

  async sample(split: DatasetPart, row: object): Promise<void> {
    this.counts[split].samples += 1;
    await this.#write(`${split}.samples.jsonl`, row);
  }

  async onset(split: DatasetPart, onset: DatasetOnset): Promise<void> {
    this.counts[split].onsets += 1;
    await this.#write(`${split}.onsets.jsonl`, onset);
  }

  async close(): Promise<void> {
    for (const stream of this.#streams.values()) {
      stream.end();
      await once(stream, 'close');
    }
  }

  async #write(file: string, value: object): Promise<void> {
    const stream = this.#stream(file);
    if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain');
  }

  #stream(file: string): WriteStream {
    const known = this.#streams.get(file);
    if (known !== undefined) return known;
    const stream = createWriteStream(join(this.#folder, file));
    this.#streams.set(file, stream);
    return stream;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function tooLong(file: string): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    what: `${file} has more than ${ROWS_MAX} samples`,
    next: 'split it, or capture fewer links in each file (--name)',
  });
}

/** Of one capture, held at once: about 5 GB. */
const ROWS_MAX = 10_000_000;

function ofPaths(file: string): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    what: `${file} is of paths, which have no bursts to label`,
    next: 'give captures of links (levitate capture FILE --of links)',
  });
}
