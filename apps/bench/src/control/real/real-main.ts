import { setImmediate } from 'node:timers/promises';
import { openRealSystem } from './open-system.ts';
import type { FromReal, RealOrder, ToReal } from './real-order.ts';
import { type RealPair, type RealPlayer, settled } from './runs.ts';

// A process that plays one real system: it does what its parent tells, and ends with it.

const ending = new AbortController();
let order: RealOrder | undefined;
let opened: RealPlayer | undefined;
const player: RealPlayer = {
  async play(runs, signal) {
    if (order === undefined) throw new Error('no system was ordered');
    opened ??= openRealSystem(order, { progress });
    // Opening takes seconds, in which nothing was heard.
    await setImmediate();
    signal.throwIfAborted();
    return await opened.play(runs, signal);
  },
};

process.on('message', (message: ToReal) => {
  if (message.kind === 'abort') ending.abort();
  else if (message.kind === 'open') order = message.order;
  else void play(message.runs);
});
// What stands in the kernel goes first; with nothing under way the process ends by itself.
process.on('disconnect', () => ending.abort());
// A terminal sends it to all: the parent says what is to be done.
process.on('SIGINT', () => {});

async function play(runs: readonly number[]): Promise<void> {
  const results = await settled(player, { runs, signal: ending.signal });
  tell({ kind: 'played', results: results.map(sendable) });
}

/** Not every error can go to another process as it is: one of the DOM arrives empty. */
function sendable(result: PromiseSettledResult<RealPair>): PromiseSettledResult<RealPair> {
  if (result.status === 'fulfilled') return result;
  const { reason } = result;
  return { ...result, reason: reason instanceof Error ? reason.message : `${reason}` };
}

function progress(line: string): void {
  tell({ kind: 'progress', line });
}

function tell(message: FromReal): void {
  if (process.connected) process.send?.(message);
}
