// A process of `levitate dev --resources`: a PgBouncer before a PostgreSQL, and clients.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PgbouncerConsole } from '@levitate/resource-adapters/pgbouncer';
import { PgbouncerLab, PostgresLab, runSleepLoad } from '@levitate/resource-adapters/pgbouncer/lab';
import { runSystem } from './run-system.ts';
import { connectionPool } from './shown-resources.ts';

const { originalConnections, max, queryMs } = connectionPool;

await runSystem(connectionPool.load, async ({ port }) => {
  const postgres = await PostgresLab.start({ connectionsMax: 2 * max });
  const settings = { default_pool_size: originalConnections };
  const pgbouncer = await PgbouncerLab.start({ postgres, port, settings }).catch(async (cause) => {
    await postgres.close();
    throw cause;
  });
  const console = new PgbouncerConsole({ host: '127.0.0.1', port, user: 'postgres' });
  const version = await console.query('SHOW VERSION', AbortSignal.timeout(5_000));
  const server = await readFile(join(postgres.socketFolder, 'data', 'PG_VERSION'), 'utf8');
  return {
    system: `${Object.values(version[0] ?? {})[0]} before PostgreSQL ${server.trim()}`,
    async size(signal) {
      const rows = await console.query('SHOW CONFIG', signal);
      return Number(rows.find(({ key }) => key === 'default_pool_size')?.value);
    },
    play: ({ arrivals, signal }) =>
      runSleepLoad({ port, arrivals: arrivals(), serviceMs: queryMs, signal }),
    async stop() {
      console.close();
      await pgbouncer.close();
      await postgres.close();
    },
  };
});
