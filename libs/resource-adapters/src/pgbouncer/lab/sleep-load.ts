import { Client } from 'pg';
import { type LaneTotals, playLane } from '../../pools/lab/lane.ts';
import { type OpenLoopOptions, type OpenLoopRun, runOpenLoop } from '../../pools/lab/open-loop.ts';
import { databasesOf, poolsOf } from '../console-rows.ts';
import { PgbouncerConsole } from '../pgbouncer-console.ts';

/** @see runSleepLoad */
export interface SleepLoadOptions extends Omit<OpenLoopOptions, 'serve'> {
  /** Of the PgBouncer. */
  port: number;
  /** Default `app`. */
  database?: string | undefined;
}

/**
 * Clients that say `select pg_sleep(x)`, each on a connection to PgBouncer; one that is free is
 * used again. A client that PgBouncer sends away (`query_wait_timeout`, no more connections) was
 * rejected.
 */
export async function runSleepLoad(options: SleepLoadOptions): Promise<OpenLoopRun> {
  const { port, database = 'app' } = options;
  const free: Client[] = [];
  const opened = async (): Promise<Client> => {
    const password = () => '';
    const at = { host: '127.0.0.1', port, database, user: 'postgres', password, ssl: false };
    const client = new Client(at);
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const serve: OpenLoopOptions['serve'] = async (serviceMs) => {
    let client: Client | undefined;
    try {
      client = free.pop() ?? (await opened());
      await client.query(`select pg_sleep(${(serviceMs / 1000).toFixed(6)})`);
      free.push(client);
      return 'served';
    } catch (cause) {
      void client?.end().catch(() => {});
      return isTurnedAway(cause) ? 'rejected' : 'failed';
    }
  };
  try {
    return await runOpenLoop({ ...options, serve });
  } finally {
    await Promise.all(free.map((client) => client.end()));
  }
}

/**
 * One run, counted in the terms of the control bench by an observer with a console of its own.
 * @param options.countedFromMs default 0
 */
export async function playSleepLane(
  options: SleepLoadOptions & { countedFromMs?: number | undefined },
): Promise<LaneTotals> {
  const { port, database = 'app', arrivals, countedFromMs } = options;
  const admin = new PgbouncerConsole({ host: '127.0.0.1', port, user: 'postgres' });
  const ask = (command: string) => admin.query(command, AbortSignal.timeout(10_000));
  const look = async () => {
    const databases = databasesOf(await ask('SHOW DATABASES'));
    const pools = poolsOf(await ask('SHOW POOLS')).filter((pool) => pool.database === database);
    const size = databases.find(({ name }) => name === database)?.poolSize ?? 0;
    return { size, open: pools.reduce((sum, { servers }) => sum + servers, 0) };
  };
  try {
    const load = () => runSleepLoad(options);
    return await playLane({ atMs: arrivals.atMs, countedFromMs, load, look });
  } finally {
    admin.close();
  }
}

function isTurnedAway(cause: unknown): boolean {
  const why = cause instanceof Error ? cause.message : '';
  return /query_wait_timeout|no more connections/.test(why);
}
