import { exitCodes } from '../exit-codes.ts';
import type { Losses } from '../live/losses.ts';
import { RunningSources } from '../live/running-sources.ts';
import type { Source } from '../live/source.ts';
import { worstOf } from '../live/source-state.ts';
import { outputFailure } from '../output-failure.ts';
import { PacedWriter } from '../paced-writer.ts';
import type { Surroundings } from '../surroundings.ts';
import { type SortKey, sortRows } from './link-row.ts';
import type { LinkTable } from './link-table.ts';
import { Screen } from './screen.ts';
import { topJson, topJsonLines } from './top-json.ts';
import { type Frame, plainFrame, renderTop } from './top-screen.ts';
import type { TopView } from './top-view.ts';

/** @see runTop */
export interface TopOptions {
  readonly sources: readonly Source[];
  /** Filled by the sources. */
  readonly table: LinkTable;
  readonly losses: Losses;
  readonly sort: SortKey;
  readonly filters: readonly string[];
  readonly format: 'table' | 'json' | 'jsonl';
  /** One picture, a second after the sources have answered, and the end. */
  readonly isOnce: boolean;
  /** How long the first picture waits for the slowest source before it goes on without it. */
  readonly firstAnswerMs: number;
  readonly nowMs: () => number;
  readonly unixMs: () => number;
}

const refreshMs = 1_000;

/**
 * Shows the table once a second until `q`, Ctrl-C or a reader that has gone.
 *
 * @returns the exit code: 3 where no service ever answered
 * @throws CommandError where the output cannot be written
 */
export async function runTop(options: TopOptions, surroundings: Surroundings): Promise<number> {
  const { stdout, signal, env } = surroundings;
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const writer = new PacedWriter(stdout, stop);
  const sources = new RunningSources(options.sources);
  const screen = isOnScreen(options, surroundings)
    ? new Screen({ stdout, keys: surroundings.openKeys(), onQuit: stop, onResize: () => draw() })
    : undefined;
  const hasStyles = env.NO_COLOR === undefined || env.NO_COLOR === '';
  /** A picture that would wait in a buffer is old when it is seen: it is left out and counted. */
  function draw(): void {
    if (!writer.hasRoom) {
      options.losses.add('here', 1);
      return;
    }
    const view = viewOf(options, sources);
    const text =
      screen === undefined
        ? plainText(view, options.format)
        : screen.text(renderTop(view, { ...screen.size, hasStyles }));
    void writer.write(text, over.signal);
  }
  try {
    // A person sees at once what comes; a program gets no picture that says nothing.
    if (screen === undefined) {
      await Promise.race([sources.settled, wait(options.firstAnswerMs, over.signal)]);
    }
    if (options.isOnce) {
      if (sources.hasFlowed) await wait(refreshMs, over.signal);
      if (!over.signal.aborted) draw();
    } else {
      while (!over.signal.aborted) {
        draw();
        await wait(refreshMs, over.signal);
      }
    }
  } finally {
    // Ends the waits that are left.
    stop();
    screen?.close();
    signal.removeEventListener('abort', stop);
    await sources.stop();
    writer.close();
  }
  if (writer.failure !== undefined) throw outputFailure(writer.failure);
  return sources.hasFlowed ? exitCodes.ok : exitCodes.unreachable;
}

/** A terminal that is there for a person, and keys to leave it by. */
function isOnScreen(
  { format, isOnce }: Pick<TopOptions, 'format' | 'isOnce'>,
  { stdout, env }: Pick<Surroundings, 'stdout' | 'env'>,
): boolean {
  return format === 'table' && !isOnce && stdout.isTTY === true && env.TERM !== 'dumb';
}

function viewOf(options: TopOptions, sources: RunningSources): TopView {
  const { table, losses, sort, filters } = options;
  return {
    timeUnixMs: options.unixMs(),
    links: sortRows(table.rows(options.nowMs()), sort),
    sources: worstOf(sources.states),
    losses: losses.list(),
    sort,
    filters,
  };
}

function plainText(view: TopView, format: TopOptions['format'], frame: Frame = plainFrame): string {
  if (format === 'json') return `${topJson(view)}\n`;
  const lines = format === 'jsonl' ? topJsonLines(view) : [...renderTop(view, frame), ''];
  return lines.map((line) => `${line}\n`).join('');
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
