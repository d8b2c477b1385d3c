import type { VirtualClock } from '@levitate/clock';
import type { Delay } from '../deadline.ts';

interface Timer {
  process: number;
  atMs: number;
  /** `undefined`: it fires once. */
  everyMs: number | undefined;
  fire: () => void;
}

/** Timers of virtual processes, which fire as the clock is moved and die with their process. */
export class VirtualTimers {
  readonly #clock: VirtualClock;
  readonly #timers = new Set<Timer>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** How a process waits. */
  delayOf(process: number): Delay {
    return (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = this.#add({ process, ms, isRepeated: false, fire: resolve });
        const onAbort = () => {
          this.#timers.delete(timer);
          reject(signal?.reason);
        };
        if (signal?.aborted) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      });
  }

  /** From now on `setInterval` is of this process. */
  takeIntervals(process: number): void {
    const set = (fire: () => void, ms: number) =>
      this.#add({ process, ms, isRepeated: true, fire });
    globalThis.setInterval = set as unknown as typeof setInterval;
    globalThis.clearInterval = ((timer: Timer | undefined) => {
      if (timer !== undefined) this.#timers.delete(timer);
    }) as typeof clearInterval;
  }

  kill(isDead: (process: number) => boolean): void {
    for (const timer of this.#timers) if (isDead(timer.process)) this.#timers.delete(timer);
  }

  /** Let time pass. @param settle called after each timer, until nothing moves any more */
  async pass(ms: number, settle: () => Promise<void>): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#clock.advance(Math.max(0, next.atMs - this.#clock.monotonicMs()));
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.atMs += next.everyMs;
      next.fire();
      await settle();
    }
    this.#clock.advance(untilMs - this.#clock.monotonicMs());
  }

  #add(timer: { process: number; ms: number; isRepeated: boolean; fire: () => void }): Timer {
    const { process, ms, isRepeated, fire } = timer;
    const atMs = this.#clock.monotonicMs() + ms;
    const added = { process, atMs, everyMs: isRepeated ? ms : undefined, fire };
    this.#timers.add(added);
    return added;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= untilMs && (next === undefined || timer.atMs < next.atMs)) next = timer;
    }
    return next;
  }
}
