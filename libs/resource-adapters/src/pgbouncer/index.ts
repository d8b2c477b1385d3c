export { PgbouncerConsole, type PgbouncerConsoleOptions } from './pgbouncer-console.ts';
export { PgbouncerError, type PgbouncerErrorCode } from './pgbouncer-error.ts';
export { PgbouncerPool, type PgbouncerPoolOptions } from './pgbouncer-pool.ts';
export { type PgbouncerSource, parsePgbouncerSource } from './pgbouncer-source.ts';
