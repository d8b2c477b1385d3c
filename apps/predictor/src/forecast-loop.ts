import type { Clock } from '@levitate/clock';

/**
 * Calls `tick` every `intervalMs` until the signal aborts. Ticks are planned from the start, so
 * that lateness does not add up; one that would come more than an interval late is left out.
 */
export function startForecastLoop(options: {
  clock: Clock;
  intervalMs: number;
  tick: () => void;
  signal: AbortSignal;
}): void {
  const { clock, intervalMs, tick, signal } = options;
  let nextMs = clock.monotonicMs() + intervalMs;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(run, Math.max(0, nextMs - clock.monotonicMs()));
  };
  const run = () => {
    tick();
    const lateMs = clock.monotonicMs() - nextMs;
    nextMs += intervalMs * Math.max(1, Math.ceil(lateMs / intervalMs));
    if (!signal.aborted) wait();
  };
  if (signal.aborted) return;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  wait();
}
