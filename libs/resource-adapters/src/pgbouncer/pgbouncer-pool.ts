import { strict as assert } from 'node:assert';
import type { Clock } from '@levitate/clock';
import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource, NotedOriginal } from '@levitate/resource-sdk';
import { systemClock } from '@levitate/service-kit';
import {
  clientsOf,
  type DatabaseRow,
  databasesOf,
  numberSetting,
  type PoolRow,
  poolsOf,
  settingsOf,
  totalsOf,
} from './console-rows.ts';
import { MeanWait } from './mean-wait.ts';
import { PgbouncerConsole, type PgbouncerConsoleOptions } from './pgbouncer-console.ts';
import { PgbouncerError } from './pgbouncer-error.ts';
import { PoolPeriod } from './pool-period.ts';
import { ProcessRun } from './process-run.ts';
import { checkServerRoom } from './server-room.ts';
import { ServerRoomProbe } from './server-room-probe.ts';
import { TurnedAway } from './turned-away.ts';

/** @see PgbouncerPool */
export interface PgbouncerPoolOptions extends PgbouncerConsoleOptions {
  /** Default `pgbouncer-` and the database. */
  name?: string | undefined;
  /** A database of `[databases]` without a `pool_size` of its own. */
  database: string;
  min: number;
  max: number;
  /** From a new size until its connections are open, ms; default 100. */
  actuationDelayMs?: number | undefined;
  /** Longest time between two looks at the line of waiting clients, ms; default 100. */
  pollMs?: number | undefined;
  /** Connections that the server takes from this pool; default: the server is asked. */
  serverConnectionsMax?: number | undefined;
  /** Who asks the server, through the pool; default the user of the console. */
  serverUser?: { user: string; passwordFile?: string | undefined } | undefined;
  /** Default the clocks of this machine. */
  clock?: Clock | undefined;
}

/** Settings are read anew every so many measurements: somebody may have said RELOAD. */
const settingsEvery = 50;
/** So are the totals, and after each new connection: what they tell changes slowly. */
const totalsEvery = 5;
const pollDeadlineMs = 1_000;

/**
 * The connections of one database of a PgBouncer, by its admin console. The size is
 * `default_pool_size`, the only one that the console can change without touching files: it holds
 * for each user of each database that has no size of its own, so rule one database of a PgBouncer.
 * Nothing else is changed, so there is no snapshot.
 */
export class PgbouncerPool implements ManagedResource {
  readonly name: string;
  readonly unit = 'connections';
  readonly min: number;
  readonly max: number;
  readonly actuationDelayMs: number;
  readonly #options: PgbouncerPoolOptions;
  readonly #console: PgbouncerConsole;
  readonly #clock: Clock;
  readonly #probe: ServerRoomProbe | undefined;
  readonly #run = new ProcessRun();
  readonly #period: PoolPeriod;
  readonly #turnedAway = new TurnedAway();
  readonly #meanWait: MeanWait;
  #settings: ReadonlyMap<string, string> | undefined;
  #measures = 0;
  #turnedAwayCount = 0;
  #isPaused = false;
  #polling: NodeJS.Timeout | undefined;
  #isPollPending = false;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #metrics: Record<string, number> = {};

  constructor(options: PgbouncerPoolOptions) {
    const { database, min, max, host, port = 6432, user, passwordFile } = options;
    assert(Number.isInteger(min) && min >= 1, `min is a whole number from 1, got ${min}`);
    assert(Number.isInteger(max) && max >= min, `max is a whole number from min, got ${max}`);
    this.name = options.name ?? `pgbouncer-${database.replace(/[^\w.-]/g, '_')}`;
    this.min = min;
    this.max = max;
    this.actuationDelayMs = options.actuationDelayMs ?? 100;
    this.#options = options;
    this.#console = new PgbouncerConsole(options);
    this.#clock = options.clock ?? systemClock;
    this.#period = new PoolPeriod(database);
    this.#meanWait = new MeanWait(database);
    if (options.serverConnectionsMax === undefined) {
      const { serverUser = { user, passwordFile } } = options;
      this.#probe = new ServerRoomProbe({ host, port, database, ...serverUser });
    }
  }

  /** @throws {PgbouncerError} also unknown-database */
  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    this.#startPolling();
    this.#probe?.ask();
    const database = this.#ours(await this.#databases(signal));
    this.#isPaused = database.isPaused;
    await this.#lookAtTotals(signal);
    const pools = await this.#pools(signal);
    this.#period.add(pools, this.#isPaused);
    const { need, oldestWaitS, isStalled } = this.#period.take();
    const rejected = isStalled ? 0 : await this.#sentAway(oldestWaitS, signal);
    const meanWaitS = this.#meanWait.seconds;
    this.#measures += 1;
    this.#turnedAwayCount += rejected;
    this.#note({ pools, database, isStalled, oldestWaitS, meanWaitS });
    return {
      size: database.poolSize,
      need: Math.max(need, rejected),
      rejected,
      delayS: Math.max(oldestWaitS, isStalled ? 0 : meanWaitS),
      instance: this.#run.name,
    };
  }

  /**
   * Whether the database can be ruled within these bounds.
   * @throws {PgbouncerError} unknown-database, own-pool-size, server-limit, server-limit-unknown
   */
  async check(signal: AbortSignal): Promise<void> {
    const databases = await this.#changeable(signal);
    const { serverConnectionsMax, database } = this.#options;
    const room =
      serverConnectionsMax === undefined
        ? await this.#probe?.room(signal)
        : { connectionsMax: serverConnectionsMax, taken: 0 };
    if (room === undefined) return;
    const pools = await this.#pools(signal);
    checkServerRoom(room, { database, max: this.max, databases, pools });
  }

  /** @throws {PgbouncerError} also of `check`, and not-in-force */
  async apply(size: number, signal: AbortSignal): Promise<void> {
    await this.check(signal);
    await this.#set(size, signal);
  }

  /** Without asking the server, which may be away. @throws {PgbouncerError} */
  async restore({ size }: NotedOriginal, signal: AbortSignal): Promise<void> {
    await this.#set(size, signal);
  }

  metrics(): Readonly<Record<string, number>> {
    return this.#metrics;
  }

  /** Ask no more. Puts nothing back: that is its controller's business. */
  close(): void {
    clearInterval(this.#polling);
    this.#probe?.close();
    this.#console.close();
  }

  async #set(size: number, signal: AbortSignal): Promise<void> {
    assert(Number.isInteger(size) && size >= 1, `a size is a whole number from 1, got ${size}`);
    const before = this.#ours(await this.#changeable(signal)).poolSize;
    await this.#console.query(`SET default_pool_size = ${size}`, signal);
    const after = this.#ours(await this.#databases(signal)).poolSize;
    if (after === size) return;
    // Only databases that nobody asked us to rule would have another size now.
    await this.#console.query(`SET default_pool_size = ${before}`, signal);
    if (after === before) throw this.#ownPoolSize(after);
    throw new PgbouncerError({
      code: 'not-in-force',
      what: `pool size ${size} for database ${this.#options.database}`,
      why: `PgBouncer took it, and reads back ${after}`,
      next: 'see whether somebody else changes default_pool_size too',
    });
  }

  /** All databases, where ours has no size of its own, as far as can be seen before a change. */
  async #changeable(signal: AbortSignal): Promise<DatabaseRow[]> {
    const databases = await this.#databases(signal);
    const { poolSize } = this.#ours(databases);
    this.#settings = settingsOf(await this.#console.query('SHOW CONFIG', signal));
    const followed = numberSetting(this.#settings, 'default_pool_size');
    if (poolSize !== followed) throw this.#ownPoolSize(poolSize);
    return databases;
  }

  /** Another process: its counts begin at zero, its settings may be others. */
  #startAnew(): void {
    this.#turnedAway.forget();
    this.#meanWait.forget();
    this.#probe?.forget();
    this.#settings = undefined;
  }

  async #lookAtTotals(signal: AbortSignal): Promise<void> {
    const isDue = this.#measures % totalsEvery === 0;
    if (!isDue && this.#console.connections === this.#run.connections) return;
    const totals = totalsOf(await this.#console.query('SHOW STATS_TOTALS', signal));
    const { connections } = this.#console;
    const nowUnixMs = this.#clock.unixMs();
    if (this.#run.look({ totals, connections, nowUnixMs })) this.#startAnew();
    this.#meanWait.look(totals);
  }

  async #sentAway(oldestWaitS: number, signal: AbortSignal): Promise<number> {
    if (this.#settings === undefined || this.#measures % settingsEvery === 0) {
      this.#settings = settingsOf(await this.#console.query('SHOW CONFIG', signal));
    }
    const timeoutS = numberSetting(this.#settings, 'query_wait_timeout');
    if (!this.#turnedAway.isDue({ oldestWaitS, timeoutS })) return 0;
    const clients = clientsOf(await this.#console.query('SHOW CLIENTS', signal));
    const { database } = this.#options;
    const ours = clients.filter((client) => client.database === database);
    return this.#turnedAway.look(ours, timeoutS);
  }

  #startPolling(): void {
    const { pollMs = 100 } = this.#options;
    this.#polling ??= setInterval(() => {
      // A measurement is a look too.
      const isFresh = this.#clock.monotonicMs() - this.#lookedMs < 0.8 * pollMs;
      if (this.#isPollPending || isFresh) return;
      this.#isPollPending = true;
      this.#pools(AbortSignal.timeout(pollDeadlineMs))
        .then((pools) => this.#period.add(pools, this.#isPaused))
        // The next measurement fails for the same reason, and says so.
        .catch(() => {})
        .finally(() => {
          this.#isPollPending = false;
        });
    }, pollMs).unref();
  }

  async #pools(signal: AbortSignal): Promise<PoolRow[]> {
    const rows = await this.#console.query('SHOW POOLS', signal);
    this.#lookedMs = this.#clock.monotonicMs();
    return poolsOf(rows);
  }

  async #databases(signal: AbortSignal): Promise<DatabaseRow[]> {
    return databasesOf(await this.#console.query('SHOW DATABASES', signal));
  }

  #ours(databases: readonly DatabaseRow[]): DatabaseRow {
    const { database, host, port = 6432 } = this.#options;
    const ours = databases.find(({ name }) => name === database);
    if (ours !== undefined) return ours;
    const names = databases.map(({ name }) => name).filter((name) => name !== 'pgbouncer');
    throw new PgbouncerError({
      code: 'unknown-database',
      what: `database ${database} of PgBouncer at ${host}:${port}`,
      why: `it has ${names.slice(0, 10).join(', ') || 'none'}`,
      next: 'name one of [databases] in pgbouncer.ini',
    });
  }

  #ownPoolSize(size: number): PgbouncerError {
    const { database } = this.#options;
    return new PgbouncerError({
      code: 'own-pool-size',
      what: `changing the pool size of database ${database}`,
      why: `pgbouncer.ini gives it pool_size=${size}, which the console cannot change`,
      next: `take pool_size from the line of ${database} in [databases], then RELOAD`,
    });
  }

  #note(seen: {
    pools: readonly PoolRow[];
    database: DatabaseRow;
    isStalled: boolean;
    oldestWaitS: number;
    meanWaitS: number;
  }): void {
    const { pools, database, isStalled, oldestWaitS, meanWaitS } = seen;
    const ours = pools.filter((pool) => pool.database === database.name);
    const sum = (of: (pool: PoolRow) => number) => ours.reduce((all, pool) => all + of(pool), 0);
    this.#metrics = {
      pools: ours.length,
      clients: sum((pool) => pool.clients + pool.waiting),
      clientsWaiting: sum((pool) => pool.waiting),
      serversInUse: sum((pool) => pool.inUse),
      serversIdle: sum((pool) => pool.idle),
      servers: sum((pool) => pool.servers),
      oldestWaitS,
      meanWaitS,
      turnedAwayTotal: this.#turnedAwayCount,
      isPaused: database.isPaused ? 1 : 0,
      isStalled: isStalled ? 1 : 0,
    };
  }
}
