import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseTrace, TraceError, type TraceKind, type TraceRow } from '@levitate/traffic';
import { TelemetryError } from './errors.ts';

/** A trace file as it was read. */
export interface TraceFile<Kind extends TraceKind> {
  /** Absolute. */
  path: string;
  /** Its folder's name. */
  kind: Kind;
  /** In order of time. */
  rows: TraceRow[];
}

/**
 * Reads a trace file, `.csv` or `.csv.gz`; the folder it is in names its kind.
 *
 * @param options.kinds those that can be used
 * @throws TelemetryError `trace-unreadable`, `trace-kind`, or `trace-content` with file and line
 */
export async function readTraceFile<Kind extends TraceKind>(options: {
  directory: string;
  file: string;
  kinds: readonly Kind[];
}): Promise<TraceFile<Kind>> {
  const { directory, file, kinds } = options;
  const path = resolve(directory, file);
  const folder = basename(dirname(path));
  const kind = kinds.find((each) => each === folder);
  if (kind === undefined) {
    throw new TelemetryError('trace-kind', `${path} is in folder "${folder}", no kind for it`, {
      nextStep: `put it into one of ${kinds.join(', ')}`,
    });
  }
  const text = await textOf(path);
  try {
    return { path, kind, rows: parseTrace({ kind, text }) };
  } catch (cause) {
    if (!(cause instanceof TraceError)) throw cause;
    throw contentError(`${path}:${cause.line}: ${cause.problem}`, cause);
  }
}

/** A file that was read and cannot be used. */
export function contentError(message: string, cause: unknown): TelemetryError {
  const nextStep = 'mend the file or leave it out of the configuration (key replay)';
  return new TelemetryError('trace-content', message, { nextStep, cause });
}

/** Packed or not; the largest known file unpacks to 3 MB. */
const bytesMax = 256 * 1024 * 1024;

async function textOf(path: string): Promise<string> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new Error('is no file');
    if (status.size > bytesMax) throw new Error(`has ${status.size} bytes, ${bytesMax} at most`);
    const bytes = await readFile(path);
    return (path.endsWith('.gz') ? await unpacked(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new TelemetryError('trace-unreadable', `${path}: ${(cause as Error).message}`, {
      nextStep: 'set replay.data_directory, or LEVITATE_DATA, to the folder of the trace kinds',
      cause,
    });
  }
}

async function unpacked(bytes: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: bytesMax });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isTooLarge = code === 'ERR_BUFFER_TOO_LARGE';
    const why = isTooLarge ? `it unpacks to more than ${bytesMax} bytes` : message;
    throw new Error(`does not unpack: ${why}`, { cause });
  }
}
