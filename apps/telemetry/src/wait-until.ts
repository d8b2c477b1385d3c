import type { Clock } from '@levitate/clock';

/** Settles at a time of the monotonic clock, or when the signal aborts; never in the same turn. */
export function waitUntil(until: {
  monotonicMs: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { monotonicMs, clock, signal } = until;
  const waitMs = monotonicMs - clock.monotonicMs();
  return new Promise((done) => {
    if (waitMs <= 0 || signal.aborted) {
      setImmediate(done);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      done();
    };
    const timer = setTimeout(stop, waitMs);
    signal.addEventListener('abort', stop, { once: true });
  });
}
