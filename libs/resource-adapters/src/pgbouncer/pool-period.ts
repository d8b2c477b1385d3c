import type { PoolRow } from './console-rows.ts';

/** What a period came to. */
export interface PeriodReading {
  /** Most connections that one pool could have used at once. */
  need: number;
  oldestWaitS: number;
  /** Clients wait and no connection to the server exists: paused, or the server is away. */
  isStalled: boolean;
}

/**
 * What several looks at SHOW POOLS come to, for the pools of one database. The size holds for each
 * of them (one per user), so the fullest counts. In use are the connections that a client holds:
 * `cl_active` would count clients too that rest between two transactions.
 *
 * While nothing is served the line grows, and no size would shorten it: what was needed before
 * stands.
 */
export class PoolPeriod {
  readonly #database: string;
  #need: number | undefined;
  #oldestWaitS = 0;
  #before = 0;
  #isStalled = false;

  constructor(database: string) {
    this.#database = database;
  }

  /** One look. @param isPaused the database was told to serve nobody */
  add(pools: readonly PoolRow[], isPaused: boolean): void {
    const ours = pools.filter(({ database }) => database === this.#database);
    const waiting = ours.reduce((sum, pool) => sum + pool.waiting, 0);
    const servers = ours.reduce((sum, pool) => sum + pool.servers, 0);
    this.#isStalled = isPaused || (waiting > 0 && servers === 0);
    if (this.#isStalled) return;
    const fullest = ours.reduce((most, pool) => Math.max(most, pool.inUse + pool.waiting), 0);
    this.#need = Math.max(this.#need ?? 0, fullest);
    const waits = ours.map((pool) => pool.oldestWaitS);
    this.#oldestWaitS = Math.max(this.#oldestWaitS, ...waits);
  }

  /** The period ends, and the next begins. */
  take(): PeriodReading {
    const need = this.#need ?? this.#before;
    this.#before = need;
    this.#need = undefined;
    const oldestWaitS = this.#isStalled ? 0 : this.#oldestWaitS;
    this.#oldestWaitS = 0;
    return { need, oldestWaitS, isStalled: this.#isStalled };
  }
}
