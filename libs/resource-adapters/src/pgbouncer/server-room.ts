import type { DatabaseRow, PoolRow } from './console-rows.ts';
import { PgbouncerError } from './pgbouncer-error.ts';

/** What the server behind a PgBouncer takes. */
export interface ServerRoom {
  /** Connections for ordinary users: `max_connections` less what is reserved for superusers. */
  connectionsMax: number;
  /** Connections that are open now, whoever has them. */
  taken: number;
}

/** Asked of the server itself; every user may. */
export const serverRoomQuery = `select
  current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int as most,
  (select sum(numbackends) from pg_stat_database) as taken`;

/** What PgBouncer shows beside it. */
export interface SharedServer {
  /** The database whose size is ruled, and the largest that may be given it. */
  database: string;
  max: number;
  databases: readonly DatabaseRow[];
  pools: readonly PoolRow[];
}

/**
 * Refuses a largest size that the server could not serve. Each pool of every database that has no
 * size of its own may become so large (the size is a default, one per user and database), beside
 * the pools with a size of their own and the connections of others.
 * @throws {PgbouncerError} server-limit
 */
export function checkServerRoom(room: ServerRoom, shared: SharedServer): void {
  const { database, max, databases, pools } = shared;
  const ours = databases.find(({ name }) => name === database);
  if (ours === undefined) return;
  const beside = new Map(databases.map((each) => [each.name, each]));
  const onServer = pools.filter((pool) => beside.get(pool.database)?.server === ours.server);
  const sizes = onServer.map((pool) => beside.get(pool.database)?.poolSize ?? 0);
  const fixed = sizes.filter((size) => size !== ours.poolSize);
  const following = Math.max(1, sizes.length - fixed.length);
  const open = onServer.reduce((sum, pool) => sum + pool.servers, 0);
  const others = Math.max(0, room.taken - open);
  const left = room.connectionsMax - others - fixed.reduce((sum, size) => sum + size, 0);
  const bound = Math.floor(left / following);
  const cap = ours.connectionsMax > 0 ? Math.min(bound, ours.connectionsMax) : bound;
  if (max <= cap) return;
  const what = `a largest pool size of ${max} for database ${database}`;
  throw new PgbouncerError({
    code: 'server-limit',
    what,
    why:
      cap === ours.connectionsMax
        ? `PgBouncer opens at most ${cap} connections for it (max_db_connections)`
        : `the server ${ours.server} takes ${room.connectionsMax} connections, ${others} are of ` +
          `others, and ${following} pool(s) share the rest: ${Math.max(0, bound)} for each`,
    next: `lower max to ${Math.max(0, cap)}, or raise max_connections of PostgreSQL`,
  });
}
