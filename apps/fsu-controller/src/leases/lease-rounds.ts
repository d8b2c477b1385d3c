import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';
import type { Delay } from '@levitate/resource-sdk';

/** Renewed at this share of its length. */
const renewShare = 0.4;
/** Time one renewal gets, as a share: a second and a third attempt fit in before it lapses. */
export const answerShare = 0.2;
/** Wait after a renewal that was not answered, as a share. */
const retryShare = 0.05;

/** @see LeaseRounds */
export interface LeaseRoundsOptions {
  ttlMs: number;
  clock: Clock;
  /** Take it or prolong it. @returns whether to come again soon: there was no answer */
  keep: () => Promise<{ isUnanswered: boolean }>;
  release: () => Promise<void>;
  /** How to wait; default by the timers of this machine. */
  wait?: Delay | undefined;
}

/** When a lease is taken, renewed and given back: one conversation about it at a time. */
export class LeaseRounds {
  readonly #options: LeaseRoundsOptions;
  #isWanted = false;
  #wake = new AbortController();
  /** A release must not cross an acquisition. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeaseRoundsOptions) {
    this.#options = options;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether it should be held; acted upon by `run`. */
  want(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    this.wake();
  }

  /** The next round now. */
  wake(): void {
    this.#wake.abort();
  }

  /** Keep the lease until `signal` aborts, then give it back. */
  async run(signal: AbortSignal): Promise<void> {
    const { ttlMs, clock, keep, release } = this.#options;
    while (!signal.aborted) {
      let isUnanswered = false;
      await this.#inTurn(async () => {
        if (this.#isWanted) ({ isUnanswered } = await keep());
        else await release();
      });
      const everyMs = ttlMs * (this.#isWanted ? (isUnanswered ? retryShare : renewShare) : 1);
      // On one grid for all targets, so that their renewals travel in one call.
      await this.#pause(everyMs - (clock.monotonicMs() % everyMs), signal);
    }
    await this.giveUp();
  }

  /** Stop wanting the lease and give it back. Never throws: what cannot be given back lapses. */
  giveUp(): Promise<void> {
    this.want(false);
    return this.#inTurn(this.#options.release);
  }

  #inTurn(talk: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(talk);
    return this.#turn;
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { wait = byTimers } = this.#options;
    const wake = AbortSignal.any([signal, this.#wake.signal]);
    if (!wake.aborted) await wait(ms, wake).catch(() => {});
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }
}

const byTimers: Delay = (ms, signal) => delay(ms, undefined, { signal });
