import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';

/**
 * Longest time that a call waits for work like this, but for its last item. The seconds of 50 links
 * end with the same message, and take 10 to 27 ms to learn. Shorter turns
 * are more rounds of the event loop, which cost processor time all day.
 */
const TURN_MS = 3;

/**
 * Does the work of each item, in order, three milliseconds at a time: between two turns calls are
 * answered. Nothing waits where all of it takes less.
 * @param options.signal ends it between two items
 */
export async function inTurns<Item>(
  items: Iterable<Item>,
  work: (item: Item) => void,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  let startMs = clock.monotonicMs();
  for (const item of items) {
    work(item);
    if (clock.monotonicMs() - startMs < TURN_MS) continue;
    await nextTurn();
    if (signal.aborted) return;
    startMs = clock.monotonicMs();
  }
}
