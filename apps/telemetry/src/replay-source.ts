import type { Sample } from '@levitate/series';
import { type TraceKind, traceKinds } from '@levitate/traffic';
import { contentError, readTraceFile } from './replay-file.ts';
import { type ReplaySeries, replaySeries } from './replay-series.ts';
import { type ReplayPace, replayTicks } from './replay-ticks.ts';
import { type SourceContext, SourceState } from './source.ts';

/** A trace that is ready to be replayed as a link. */
export interface LinkReplay extends ReplayPace {
  link: string;
  file: string;
  series: ReplaySeries;
}

/**
 * Reads a trace file, `.csv` or `.csv.gz`; the folder it is in names its kind.
 *
 * @throws TelemetryError `trace-unreadable`, `trace-kind`, or `trace-content` with file and line
 */
export async function loadReplay(
  options: ReplayPace & { directory: string; file: string; link: string },
): Promise<LinkReplay> {
  const { directory, file, link, speed, repeat } = options;
  const trace = await readTraceFile({ directory, file, kinds });
  try {
    const series = replaySeries({ ...trace, intervalMs: sampleMs * speed });
    return { link, file, series, speed, repeat };
  } catch (cause) {
    throw contentError(`${trace.path}: ${(cause as Error).message}`, cause);
  }
}

/**
 * Replays a trace as the samples of a link, labelled as replay, until it ends or the signal aborts.
 * An interval stands for more of the trace at a higher speed, never for less than the trace has.
 */
export async function followReplay(replay: LinkReplay, context: SourceContext): Promise<void> {
  const { link, series, file } = replay;
  const { clock, signal, ingest, metrics, logger } = context;
  const name = `replay ${link}`;
  const state = new SourceState(name, context);
  const onSkipped = (intervals: number): void => metrics.lost(name, intervals);
  for await (const tick of replayTicks({ series, pace: replay, clock, signal, onSkipped })) {
    state.up();
    const { interval, ...at } = tick;
    const sample: Sample = { ...present(interval), link, ...at, origin: 'replay' };
    await ingest.append([sample]).catch(() => {});
  }
  if (!signal.aborted) logger.info({ source: name, file }, 'replay ended');
}

/** Any can be a link. */
const kinds = Object.keys(traceKinds) as TraceKind[];

/** The usual interval of a sample (SPEC 2), milliseconds. */
const sampleMs = 100;

/** Without the fields the trace says nothing of. */
function present<Fields extends object>(fields: Fields): Fields {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Fields;
}
