import type { ClientRow } from './console-rows.ts';

/** PgBouncer looks for clients that have waited too long three times a second. */
const marginS = 0.5;

/**
 * How many clients PgBouncer has sent away for having waited `query_wait_timeout`. It counts them
 * nowhere, so they are watched: who was about to be sent away, and then is no longer connected,
 * was. One who was served at the last moment and hung up at once is taken for one of them.
 */
export class TurnedAway {
  #atBrink: string[] = [];

  /** Whether the clients must be looked at now. @param timeoutS 0: nobody is ever sent away */
  isDue(now: { oldestWaitS: number; timeoutS: number }): boolean {
    const { oldestWaitS, timeoutS } = now;
    return timeoutS > 0 && (this.#atBrink.length > 0 || oldestWaitS >= timeoutS - marginS);
  }

  /** @returns how many were sent away since the last look */
  look(clients: readonly ClientRow[], timeoutS: number): number {
    const there = new Set(clients.map(({ id }) => id));
    const gone = this.#atBrink.filter((id) => !there.has(id)).length;
    this.#atBrink = clients
      .filter(({ isWaiting, waitS }) => isWaiting && waitS >= timeoutS - marginS)
      .map(({ id }) => id);
    return gone;
  }

  /** They were clients of a process that is gone. */
  forget(): void {
    this.#atBrink = [];
  }
}
