import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, VirtualClock } from '@levitate/clock';
import type { Delay } from '@levitate/resource-sdk';

/** A clock, and how to wait on it. */
export interface Timepiece {
  clock: Clock;
  wait: Delay;
}

/** Time that passes only when told to, for all who wait on it. */
export class VirtualTime implements Timepiece {
  readonly clock = new VirtualClock();
  readonly #sleepers = new Set<{ atMs: number; wake: () => void }>();

  readonly wait: Delay = (ms, signal) =>
    new Promise((resolve, reject) => {
      const sleeper = { atMs: this.clock.monotonicMs() + ms, wake: () => resolve() };
      this.#sleepers.add(sleeper);
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(new Error('aborted'));
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });

  /** Let time pass, and everybody act who waited for a time within it. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.clock.monotonicMs() + ms;
    await turn();
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#sleepers.delete(next);
      this.clock.advance(Math.max(0, next.atMs - this.clock.monotonicMs()));
      next.wake();
      await turn();
    }
    this.clock.advance(Math.max(0, untilMs - this.clock.monotonicMs()));
  }

  /** The same time by a clock that runs so much faster, and started elsewhere. */
  skewed(rate: number, offsetMs: number): Timepiece & { step(ms: number): void } {
    let wallMs = 0;
    return {
      clock: {
        monotonicMs: () => offsetMs + rate * this.clock.monotonicMs(),
        unixMs: () => wallMs + this.clock.unixMs(),
      },
      wait: (ms, signal) => this.wait(ms / rate, signal),
      step: (ms) => {
        wallMs += ms;
      },
    };
  }
}
