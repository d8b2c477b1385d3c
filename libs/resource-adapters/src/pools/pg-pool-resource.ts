import { strict as assert } from 'node:assert';
import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource } from '@levitate/resource-sdk';
import type { Pool } from 'pg';

/** @see PgPoolResource */
export interface PgPoolResourceOptions {
  pool: Pool;
  min: number;
  /** What the server has room for, less the connections of others. */
  max: number;
  /** Default `pg-pool`. */
  name?: string | undefined;
  /** Until a connection is made, ms; default 100. */
  actuationDelayMs?: number | undefined;
}

/**
 * A `Pool` of the package `pg`, in its own process. It reads `options.max` anew at each turn, so
 * that is its size. Clients wait in the pool, and only ever leave its queue when a connection is
 * released: looking then and at each measurement misses no peak. How long they waited it does not
 * say; the delay is the line over the connections handed out a second (Little's law). Who gave up
 * waiting (`connectionTimeoutMillis`) it does not say either: that is not counted as rejected.
 */
export class PgPoolResource implements ManagedResource {
  readonly name: string;
  readonly unit = 'connections';
  readonly min: number;
  readonly max: number;
  readonly actuationDelayMs: number;
  readonly #pool: Pool;
  readonly #usesMax: number;
  #need = 0;
  /** Of the connections in use and the clients that wait these are ours, to make it move. */
  #own = 0;
  #acquired = 0;
  #acquiredTotal = 0;
  #failures = 0;
  #measuredMs = performance.now();

  constructor({ pool, min, max, name, actuationDelayMs = 100 }: PgPoolResourceOptions) {
    assert(Number.isInteger(min) && min >= 1, `min is a whole number from 1, got ${min}`);
    assert(Number.isInteger(max) && max >= min, `max is a whole number from min, got ${max}`);
    this.#pool = pool;
    this.min = min;
    this.max = max;
    this.name = name ?? 'pg-pool';
    this.actuationDelayMs = actuationDelayMs;
    this.#usesMax = pool.options.maxUses;
    pool.on('acquire', this.#onAcquire);
    pool.on('release', this.#onRelease);
  }

  measure(): ResourceMeasurement {
    const { options, waitingCount } = this.#pool;
    this.#see();
    const nowMs = performance.now();
    const seconds = (nowMs - this.#measuredMs) / 1_000;
    this.#measuredMs = nowMs;
    const need = this.#need;
    // With none handed out the wait is at least as long as the period.
    const delayS = waitingCount === 0 ? 0 : (waitingCount * seconds) / Math.max(1, this.#acquired);
    this.#need = 0;
    this.#acquired = 0;
    return { size: options.max, need, delayS };
  }

  apply(size: number): void {
    assert(Number.isInteger(size) && size >= 1, `a size is a whole number from 1, got ${size}`);
    const pool = this.#pool;
    const more = Math.min(size - pool.options.max, pool.waitingCount);
    pool.options.max = size;
    this.#limitUses();
    for (let index = 0; index < more; index++) void this.#serveOneWaiting();
    const surplus = Math.min(pool.totalCount - size, pool.idleCount);
    for (let index = 0; index < surplus; index++) void this.#closeOneIdle();
  }

  metrics(): Readonly<Record<string, number>> {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return {
      connections: totalCount,
      idle: idleCount,
      inUse: totalCount - idleCount,
      waiting: waitingCount,
      acquiredTotal: this.#acquiredTotal,
      connectFailuresTotal: this.#failures,
    };
  }

  /** Listen to the pool no more. */
  close(): void {
    this.#pool.off('acquire', this.#onAcquire);
    this.#pool.off('release', this.#onRelease);
    this.#pool.options.maxUses = this.#usesMax;
  }

  readonly #onAcquire = (): void => {
    this.#acquired += 1;
    this.#acquiredTotal += 1;
    this.#see();
  };

  /** Said before the pool decides what becomes of the connection. */
  readonly #onRelease = (): void => {
    this.#see();
    this.#limitUses();
  };

  /** A pool that shrinks would hand a connection on while clients wait; so it has no more uses. */
  #limitUses(): void {
    const { options, totalCount } = this.#pool;
    options.maxUses = totalCount > options.max ? 1 : this.#usesMax;
  }

  /** A pool that is allowed more does not look into its queue until a connection is released. */
  async #serveOneWaiting(): Promise<void> {
    await this.#takeOne(() => false);
  }

  async #closeOneIdle(): Promise<void> {
    await this.#takeOne(() => this.#pool.totalCount > this.#pool.options.max);
  }

  async #takeOne(isToClose: () => boolean): Promise<void> {
    this.#own += 1;
    try {
      const client = await this.#pool.connect();
      client.release(isToClose());
    } catch {
      // The server has no room, or the pool was ended meanwhile.
      this.#failures += 1;
    } finally {
      this.#own -= 1;
    }
  }

  #see(): void {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    this.#need = Math.max(this.#need, totalCount - idleCount + waitingCount - this.#own);
  }
}
