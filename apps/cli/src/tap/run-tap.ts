import { exitCodes } from '../exit-codes.ts';
import { RunningSources } from '../live/running-sources.ts';
import type { Source } from '../live/source.ts';
import type { SourceState } from '../live/source-state.ts';
import { outputFailure } from '../output-failure.ts';
import { PacedWriter } from '../paced-writer.ts';
import type { Surroundings } from '../surroundings.ts';
import type { RecordQueue, Turn } from './record-queue.ts';
import { lossText, recordText } from './tap-text.ts';

/** @see runTap */
export interface TapOptions {
  readonly sources: readonly Source[];
  /** Filled by the sources. */
  readonly queue: RecordQueue;
  readonly format: 'text' | 'jsonl';
  /** Ends after so many records. */
  readonly recordsMax: number;
  /** When it aborts the time is over: what waits is still written. */
  readonly timeOver?: AbortSignal | undefined;
}

/**
 * Streams records to the output until enough were written, the time is over, the reader has gone
 * or the first Ctrl-C.
 *
 * @returns the exit code: 130 for a Ctrl-C before a given count or time, 3 where nothing answered
 * @throws CommandError where the output cannot be written
 */
export async function runTap(
  options: TapOptions,
  { stdout, complain, signal }: Pick<Surroundings, 'stdout' | 'complain' | 'signal'>,
): Promise<number> {
  const { queue, timeOver } = options;
  const over = new AbortController();
  const writer = new PacedWriter(stdout, () => stop('gone'));
  let why: 'enough' | 'time' | 'gone' | 'interrupted' | 'nobody' = 'enough';
  /** Only the time's end lets the reader have what waits; whoever goes has had enough. */
  function stop(reason: typeof why): void {
    if (over.signal.aborted) return;
    why = reason;
    if (reason === 'time') queue.end();
    else queue.drop();
    if (reason !== 'time') over.abort();
  }
  const interrupt = () => stop('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  const endOfTime = () => stop('time');
  timeOver?.addEventListener('abort', endOfTime, { once: true });
  const sources = new RunningSources(options.sources, (state) => {
    const isOver = areAllGone(sources);
    const text = stateText(state);
    if (text !== undefined) complain(`levitate: ${text}${isOver ? '' : '; going on without it'}`);
    if (isOver) stop('nobody');
  });
  if (signal.aborted) interrupt();
  try {
    await writeRecords({ ...options, writer, signal: over.signal });
  } finally {
    timeOver?.removeEventListener('abort', endOfTime);
    signal.removeEventListener('abort', interrupt);
    await sources.stop();
    writer.close();
  }
  if (writer.failure !== undefined) throw outputFailure(writer.failure);
  return exitCodeOf(why, sources, options);
}

async function writeRecords(
  options: TapOptions & { readonly writer: PacedWriter; readonly signal: AbortSignal },
): Promise<void> {
  const { queue, format, recordsMax, writer, signal } = options;
  let left = recordsMax;
  let turn = await queue.take();
  while (turn !== undefined && left > 0) {
    let waiting = Math.min(left, turn.records.length);
    left -= waiting;
    for (const { text, records } of pieces(turn, { format, recordsMax: waiting })) {
      if (signal.aborted && records > 0) {
        queue.losses.add('here', waiting);
        break;
      }
      if (!(await writer.write(text, signal))) return;
      waiting -= records;
    }
    if (left > 0) turn = await queue.take();
  }
}

/** Lines of a turn in pieces of some KiB: one write each costs less than one write a line. */
function* pieces(
  { losses, records }: Turn,
  { format, recordsMax }: Pick<TapOptions, 'format' | 'recordsMax'>,
): Generator<{ readonly text: string; readonly records: number }> {
  let [text, held] = ['', 0];
  for (const each of losses) text += `${format === 'text' ? lossText(each) : lossJson(each)}\n`;
  for (const record of records.slice(0, recordsMax)) {
    text += `${format === 'text' ? recordText(record) : JSON.stringify(record)}\n`;
    held += 1;
    if (text.length < pieceCharacters) continue;
    yield { text, records: held };
    [text, held] = ['', 0];
  }
  if (text !== '') yield { text, records: held };
}

const pieceCharacters = 4_096;

function lossJson({ place, lost }: Turn['losses'][number]): string {
  return JSON.stringify({ kind: 'lost', lost, place });
}

/** Nothing to wait for: no source flows, none may still, and none ever did. */
function areAllGone(sources: RunningSources): boolean {
  const areDown = sources.states.every(({ state }) => state === 'away' || state === 'refused');
  const areRefused = sources.states.every(({ state }) => state === 'refused');
  return areRefused || (areDown && !sources.hasFlowed);
}

function stateText({ service, state, why }: SourceState): string | undefined {
  if (state === 'away') return `${service} is away: ${why}`;
  if (state === 'refused') return `${service} does not stream this: ${why}`;
  return undefined;
}

function exitCodeOf(why: string, sources: RunningSources, options: TapOptions): number {
  if (why === 'gone' || sources.hasFlowed) {
    const isCutShort =
      why === 'interrupted' &&
      (options.timeOver !== undefined || Number.isFinite(options.recordsMax));
    return isCutShort ? exitCodes.interrupted : exitCodes.ok;
  }
  if (sources.states.some(({ state }) => state === 'refused')) return exitCodes.refused;
  if (sources.states.some(({ state }) => state === 'away')) return exitCodes.unreachable;
  return why === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
}
