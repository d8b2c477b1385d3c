import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { CheckpointError, identityDifference } from './checkpoint-error.ts';
import type { EpochRecord } from './train-options.ts';

/** Where a training is between two epochs: all that the next epoch depends on. */
export interface Checkpoint {
  /** What the training is; a checkpoint is carried on from by the very same training only. */
  identity: string;
  history: EpochRecord[];
  bestEpoch: number;
  /** Updates of the optimizer. */
  updates: number;
  values: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
  bestValues: Float32Array;
}

const parts = ['values', 'firstMoment', 'secondMoment', 'bestValues'] as const;
const magic = 'levitate checkpoint 1';

/**
 * Reads a checkpoint: a line of JSON, then the arrays as float32, little endian.
 * @returns undefined where there is no file
 * @throws {CheckpointError} for a file that is something else, is cut short, or is of another
 *   training; Error of node:fs where it cannot be read
 */
export async function readCheckpoint(
  file: string,
  identity: string,
): Promise<Checkpoint | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const { length, ...header } = parseHeader(bytes.subarray(0, bytes.indexOf(10)), file);
  if (header.identity !== identity) {
    const why = `is of another training: ${identityDifference(header.identity, identity)}`;
    throw new CheckpointError({ code: 'other-training', file, why });
  }
  const body = bytes.subarray(bytes.indexOf(10) + 1);
  if (body.length !== parts.length * length * 4) {
    throw new CheckpointError({ code: 'damaged', file, why: 'is cut short' });
  }
  const part = (index: number) => {
    const from = body.byteOffset + index * length * 4;
    return new Float32Array(bytes.buffer.slice(from, from + length * 4));
  };
  const arrays = Object.fromEntries(parts.map((name, index) => [name, part(index)]));
  return { ...header, ...(arrays as Pick<Checkpoint, (typeof parts)[number]>) };
}

/** Writes a checkpoint beside `file` and then in its place: there is always a whole one. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const { identity, history, bestEpoch, updates, values } = checkpoint;
  const header = { magic, identity, history, bestEpoch, updates, length: values.length };
  const fresh = `${file}.fresh`;
  const handle: FileHandle = await open(fresh, 'w');
  try {
    await handle.write(`${JSON.stringify(header)}\n`);
    for (const name of parts) {
      const array = checkpoint[name];
      await handle.write(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

type Header = Omit<Checkpoint, (typeof parts)[number]> & { length: number };

function parseHeader(line: Buffer, file: string): Header {
  try {
    const { magic: found, ...header } = JSON.parse(line.toString()) as Header & { magic: string };
    if (found === magic) return header;
  } catch {
    // Said below, like a header of something else.
  }
  throw new CheckpointError({ code: 'damaged', file, why: 'is not a checkpoint' });
}
