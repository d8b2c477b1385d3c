import { Client } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { PgbouncerLab, type PgbouncerLabOptions, PostgresLab } from '../lab/index.ts';
import { PgbouncerConsole } from '../pgbouncer-console.ts';
import { PgbouncerPool, type PgbouncerPoolOptions } from '../pgbouncer-pool.ts';

export const soon = () => AbortSignal.timeout(10_000);

/**
 * One PostgreSQL for the tests of a file, and a PgBouncer of its own for each; all ended after
 * them.
 */
export function pgbouncerStand() {
  let postgres: PostgresLab;
  const undo: (() => unknown)[] = [];
  beforeAll(async () => {
    postgres = await PostgresLab.start({ connectionsMax: 100 });
  });
  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });
  afterAll(() => postgres?.close());

  /** A PgBouncer, its console, and its pool as a resource: of 2 connections, from 1 to 32. */
  const start = async (
    options: Omit<PgbouncerLabOptions, 'postgres'> & { pool?: Partial<PgbouncerPoolOptions> } = {},
  ) => {
    const settings = { default_pool_size: 2, ...options.settings };
    const lab = await PgbouncerLab.start({ ...options, postgres, settings });
    undo.push(() => lab.close());
    const at = { host: '127.0.0.1', port: lab.port, user: 'postgres' };
    const admin = new PgbouncerConsole(at);
    undo.push(() => admin.close());
    const resource = (of: Partial<PgbouncerPoolOptions> = {}) => {
      const bounds = { min: 1, max: 32, serverConnectionsMax: 97 };
      const pool = new PgbouncerPool({ ...at, ...bounds, database: 'app', ...of });
      undo.push(() => pool.close());
      return pool;
    };
    const connect = async (count: number, database?: string) => {
      const clients = await connectClients({ port: lab.port, count, database });
      undo.push(clients.release);
      return clients;
    };
    const hold = async (count: number) => {
      const clients = await connect(count);
      clients.begin();
      return clients;
    };
    const say = (command: string) => admin.query(command, soon());
    return { lab, resource, pool: resource(options.pool), connect, hold, say };
  };
  return { start, postgres: () => postgres };
}

/**
 * Clients of PgBouncer that rest. Once they begin, each keeps a connection to the server, or waits
 * for one, until they are released.
 */
async function connectClients(of: { port: number; count: number; database?: string | undefined }) {
  const { port, count, database = 'app' } = of;
  const clients = Array.from({ length: count }, () => {
    const password = () => '';
    const at = { host: '127.0.0.1', port, user: 'postgres', password, ssl: false };
    return new Client({ ...at, database }).on('error', () => {});
  });
  const begun: Promise<unknown>[] = [];
  const release = async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    await Promise.all(begun);
  };
  await Promise.all(clients.map((client) => client.connect()));
  const begin = () => {
    for (const client of clients) begun.push(client.query('begin').catch(() => {}));
  };
  const commit = () => Promise.all(clients.map((client) => client.query('commit')));
  return { begin, begun, commit, release };
}

/** Ask until it is so; the test ends by its own deadline if it never is. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isSo: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
