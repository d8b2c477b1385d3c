import { PgbouncerError } from './pgbouncer-error.ts';

/** What a `source:` of a target says. */
export interface PgbouncerSource {
  host: string;
  port: number;
  user: string;
  database: string;
}

/**
 * `pgbouncer://user@host:port/database`, port 6432 if left out; a Unix socket by its folder:
 * `pgbouncer://user@/database?host=/run/pgbouncer&port=6432`. A password does not belong there.
 * @throws {PgbouncerError} bad-option
 */
export function parsePgbouncerSource(source: string): PgbouncerSource {
  // A URL of an unknown scheme may have no user without a host, so one is put there.
  const url = URL.parse(source.replace(/^(pgbouncer:\/\/[^/]*@)\//, '$1socket/'));
  const fault = (why: string) =>
    new PgbouncerError({
      code: 'bad-option',
      what: `source ${JSON.stringify(source.replace(/:[^:@/]*@/, ':...@').slice(0, 200))}`,
      why,
      next: 'write pgbouncer://user@host:port/database',
    });
  if (url === null || url.protocol !== 'pgbouncer:') throw fault('it is no pgbouncer:// address');
  if (url.password !== '') throw fault('a password stands in it; name a password file instead');
  if (url.username === '') throw fault('it names no user');
  const database = decoded(url.pathname.slice(1));
  if (database === undefined || !/^[^/]{1,63}$/.test(database)) throw fault('it names no database');
  const folder = url.searchParams.get('host');
  const port = Number(url.searchParams.get('port') ?? (url.port || 6432));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw fault(`port ${port} cannot be`);
  const host = folder ?? url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw fault('it names no host');
  return { host, port, user: decoded(url.username) ?? url.username, database };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
