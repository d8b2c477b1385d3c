import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after so many milliseconds, or rejects when the signal aborts. */
export type Delay = (ms: number, signal?: AbortSignal) => Promise<void>;

/** By the timers of this machine. */
export const realDelay: Delay = (ms, signal) =>
  delay(ms, undefined, signal === undefined ? {} : { signal });

/**
 * Do something that may hang.
 * @param work gets a signal that aborts when the time is up
 * @throws what the work throws, or that there was no answer within the time
 */
export async function withinDeadline<T>(
  { deadlineMs, wait }: { deadlineMs: number; wait?: Delay | undefined },
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const deadline = Promise.withResolvers<never>();
  const stop = after({ ms: deadlineMs, wait }, () => {
    const error = new Error(`no answer within ${deadlineMs} ms`);
    late.abort(error);
    deadline.reject(error);
  });
  try {
    return await Promise.race([work(late.signal), deadline.promise]);
  } finally {
    stop();
  }
}

/** Made once: an abort without a reason makes one, with a stack that nobody reads. */
const answered = new Error('there was an answer in time');

/**
 * Plain timers where these are this machine's: to abort a promise of one makes an error with its
 * stack, which for fifty resources ten times a second was most of what they cost.
 * @returns what stops it
 */
function after({ ms, wait }: { ms: number; wait: Delay | undefined }, then: () => void) {
  if (wait === undefined) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  }
  const stopped = new AbortController();
  wait(ms, stopped.signal).then(then, () => {});
  return () => stopped.abort(answered);
}
