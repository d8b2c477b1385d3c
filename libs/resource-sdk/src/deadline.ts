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
  { deadlineMs, wait = realDelay }: { deadlineMs: number; wait?: Delay },
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const deadline = wait(deadlineMs, done.signal).then(() => {
    const error = new Error(`no answer within ${deadlineMs} ms`);
    late.abort(error);
    throw error;
  });
  try {
    return await Promise.race([work(late.signal), deadline]);
  } finally {
    deadline.catch(() => {});
    done.abort();
  }
}
