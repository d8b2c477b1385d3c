import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Sample } from '@levitate/series';
import { parseTrace } from '@levitate/traffic';
import { TelemetryError } from './errors.ts';
import {
  type ReplayableKind,
  type ReplaySeries,
  replayableKinds,
  replaySeries,
} from './replay-series.ts';
import { type SourceContext, SourceState } from './source.ts';
import { waitUntil } from './wait-until.ts';

/** A trace that is ready to be replayed as a link. */
export interface Replay {
  link: string;
  file: string;
  series: ReplaySeries;
  /** Seconds of trace per second. */
  speed: number;
  repeat: boolean;
}

/**
 * Reads a trace file, `.csv` or `.csv.gz`; the folder it is in names its kind.
 *
 * @throws TelemetryError `trace-unreadable`, `trace-kind` or `trace-content`
 */
export async function loadReplay(options: {
  directory: string;
  file: string;
  link: string;
  speed: number;
  repeat: boolean;
}): Promise<Replay> {
  const { directory, file, link, speed, repeat } = options;
  const path = resolve(directory, file);
  const kind = basename(dirname(path));
  if (!isReplayable(kind)) {
    throw new TelemetryError('trace-kind', `${path} is in folder "${kind}", which is no kind`, {
      nextStep: `put it into one of ${replayableKinds.join(', ')}`,
    });
  }
  const text = await textOf(path);
  try {
    const rows = parseTrace({ kind, text });
    const series = replaySeries({ kind, rows, intervalMs: sampleMs * speed });
    return { link, file, series, speed, repeat };
  } catch (cause) {
    throw new TelemetryError('trace-content', `${path}: ${(cause as Error).message}`, {
      nextStep: `mend the file or leave it out of replay.traces`,
      cause,
    });
  }
}

/**
 * Replays a trace as the samples of a link, labelled as replay, until it ends or the signal aborts.
 * An interval stands for more of the trace at a higher speed, never for less than the trace has.
 */
export async function followReplay(replay: Replay, context: SourceContext): Promise<void> {
  const { link, series, speed, repeat } = replay;
  const { clock, signal, ingest } = context;
  const name = `replay ${link}`;
  const state = new SourceState(name, context);
  const intervalMs = series.intervalMs / speed;
  const startMs = clock.monotonicMs();
  for (let index = 0; !signal.aborted; index += 1) {
    const late = Math.floor((clock.monotonicMs() - startMs) / intervalMs) - 1 - index;
    if (late > 0) {
      context.metrics.lost(name, late);
      index += late;
    }
    await waitUntil({ monotonicMs: startMs + (index + 1) * intervalMs, clock, signal });
    if (signal.aborted || (!repeat && index >= series.intervals.length)) break;
    const interval = series.intervals[index % series.intervals.length];
    if (series.intervals.length === 0) break;
    state.up();
    if (interval === undefined) continue;
    const sample: Sample = {
      ...present(interval),
      link,
      sequence: index + 1,
      timeUnixMs: clock.unixMs(),
      intervalMs,
      origin: 'replay',
    };
    await ingest.append([sample]).catch(() => {});
  }
  if (!signal.aborted) context.logger.info({ source: name, file: replay.file }, 'replay ended');
}

/** The usual interval of a sample (SPEC 2), milliseconds. */
const sampleMs = 100;
/** No trace known unpacks to a tenth of this; what does is not a trace. */
const unpackedBytesMax = 512 * 1024 * 1024;

function isReplayable(kind: string): kind is ReplayableKind {
  return (replayableKinds as readonly string[]).includes(kind);
}

async function textOf(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (!path.endsWith('.gz')) return bytes.toString('utf8');
    const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: unpackedBytesMax });
    return unpacked.toString('utf8');
  } catch (cause) {
    throw new TelemetryError('trace-unreadable', `${path}: ${(cause as Error).message}`, {
      nextStep: 'set replay.data_directory, or LEVITATE_DATA, to the folder of the trace kinds',
      cause,
    });
  }
}

/** Without the fields the trace says nothing of. */
function present<Fields extends object>(fields: Fields): Fields {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Fields;
}
