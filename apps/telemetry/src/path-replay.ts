import type { FeatureWindows } from '@levitate/feature-windows';
import type { PathSample } from '@levitate/series';
import { type PathTrace, pathTrace, pathTraceKinds } from '@levitate/traffic';
import { contentError, readTraceFile } from './replay-file.ts';
import { type ReplayPace, replayTicks } from './replay-ticks.ts';
import { type SourceContext, SourceState } from './source.ts';

/** A trace that is ready to be replayed as a path. */
export interface PathReplay extends ReplayPace {
  path: string;
  file: string;
  series: PathTrace;
}

/**
 * Reads a trace file, `.csv` or `.csv.gz`; the folder it is in names its kind.
 *
 * @throws TelemetryError `trace-unreadable`, `trace-kind`, or `trace-content` with file and line
 */
export async function loadPathReplay(
  options: ReplayPace & { directory: string; file: string; path: string },
): Promise<PathReplay> {
  const { directory, file, path, speed, repeat } = options;
  const trace = await readTraceFile({ directory, file, kinds: pathTraceKinds });
  try {
    const series = pathTrace({ ...trace, intervalMs: sampleMs * speed });
    return { path, file, series, speed, repeat };
  } catch (cause) {
    throw contentError(`${trace.path}: ${(cause as Error).message}`, cause);
  }
}

/** Replays a trace as the samples of a path, labelled as replay, until it or the signal ends. */
export async function followPathReplay(
  replay: PathReplay,
  paths: Pick<FeatureWindows<PathSample>, 'append'>,
  context: SourceContext,
): Promise<void> {
  const { path, series, file } = replay;
  const { clock, signal, metrics, logger } = context;
  const name = `replay path ${path}`;
  const state = new SourceState(name, context);
  const onSkipped = (intervals: number): void => metrics.lost(name, intervals);
  for await (const tick of replayTicks({ series, pace: replay, clock, signal, onSkipped })) {
    state.up();
    const { interval, ...at } = tick;
    await paths.append([{ path, ...interval, ...at, origin: 'replay' }]).catch(() => {});
  }
  if (!signal.aborted) logger.info({ source: name, file }, 'replay ended');
}

/** The usual interval of a path's sample (SPEC 2), milliseconds. */
const sampleMs = 1000;
