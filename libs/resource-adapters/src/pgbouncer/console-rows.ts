import type { TextRow } from './database-link.ts';
import { PgbouncerError } from './pgbouncer-error.ts';

/** A line of SHOW POOLS: one pool is one database for one user. */
export interface PoolRow {
  database: string;
  /** Clients that wait for a connection to the server. */
  waiting: number;
  /** Connections to the server that a client holds. */
  inUse: number;
  /** Connections to the server, whatever they do, those that are being made included. */
  servers: number;
  idle: number;
  /** Clients that wait for nothing: they hold a connection, or rest between transactions. */
  clients: number;
  /** How long the first in the line has waited, seconds. */
  oldestWaitS: number;
}

/** A line of SHOW DATABASES. */
export interface DatabaseRow {
  name: string;
  /** Server behind it. */
  server: string;
  /** For each of its pools. */
  poolSize: number;
  /** For all of its pools together; 0: no bound. */
  connectionsMax: number;
  isPaused: boolean;
}

/** A line of SHOW STATS_TOTALS, since the start of the process. */
export interface TotalsRow {
  database: string;
  transactions: number;
  /** All clients together, microseconds. */
  waitUs: number;
}

/** A line of SHOW CLIENTS. */
export interface ClientRow {
  /** Of one connection; no other has it while it lives, and hardly one after it. */
  id: string;
  database: string;
  isWaiting: boolean;
  waitS: number;
}

const serverStates = ['active', 'idle', 'used', 'tested', 'login'];

/** @throws {PgbouncerError} bad-answer */
export function poolsOf(rows: readonly TextRow[]): PoolRow[] {
  return rows.map((row) => ({
    database: text(row, 'database'),
    waiting: count(row, 'cl_waiting'),
    inUse: count(row, 'sv_active'),
    servers: serverStates.reduce((sum, state) => sum + count(row, `sv_${state}`), 0),
    idle: count(row, 'sv_idle') + count(row, 'sv_used'),
    clients: count(row, 'cl_active'),
    oldestWaitS: count(row, 'maxwait') + count(row, 'maxwait_us') / 1e6,
  }));
}

/** @throws {PgbouncerError} bad-answer */
export function databasesOf(rows: readonly TextRow[]): DatabaseRow[] {
  return rows.map((row) => ({
    name: text(row, 'name'),
    server: `${row.host ?? 'local'}:${text(row, 'port')}`,
    poolSize: count(row, 'pool_size'),
    connectionsMax: count(row, 'max_connections'),
    isPaused: count(row, 'paused') > 0 || count(row, 'disabled') > 0,
  }));
}

/** @throws {PgbouncerError} bad-answer */
export function totalsOf(rows: readonly TextRow[]): TotalsRow[] {
  return rows.map((row) => ({
    database: text(row, 'database'),
    transactions: count(row, 'xact_count'),
    waitUs: count(row, 'wait_time'),
  }));
}

/** @throws {PgbouncerError} bad-answer */
export function clientsOf(rows: readonly TextRow[]): ClientRow[] {
  return rows.map((row) => ({
    id: `${text(row, 'ptr')} ${row.connect_time} ${row.addr} ${row.port}`,
    database: text(row, 'database'),
    isWaiting: text(row, 'state') === 'waiting',
    waitS: count(row, 'wait') + count(row, 'wait_us') / 1e6,
  }));
}

/** Settings by name. @throws {PgbouncerError} bad-answer */
export function settingsOf(rows: readonly TextRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [text(row, 'key'), row.value ?? '']));
}

/** A setting that is a number. @throws {PgbouncerError} bad-answer */
export function numberSetting(settings: ReadonlyMap<string, string>, key: string): number {
  const value = settings.get(key);
  if (value === undefined || value.trim() === '' || !(Number(value) >= 0)) {
    throw badAnswer(`${key} is ${value === undefined ? 'missing' : quoted(value)}`);
  }
  return Number(value);
}

function text(row: TextRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw badAnswer(`it has no column ${column}`);
  return value;
}

function count(row: TextRow, column: string): number {
  const value = text(row, column);
  const number = Number(value);
  if (/^\d{1,19}$/.test(value) && Number.isFinite(number)) return number;
  throw badAnswer(`${column} is ${quoted(value)}, not a count`);
}

function quoted(value: string): string {
  return JSON.stringify(value.slice(0, 40));
}

function badAnswer(why: string): PgbouncerError {
  const what = 'reading what the console of PgBouncer said';
  const next = 'see that it is PgBouncer (1.8 or later) which listens there';
  return new PgbouncerError({ code: 'bad-answer', what, why, next });
}
