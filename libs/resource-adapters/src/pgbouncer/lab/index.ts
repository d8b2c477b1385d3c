export {
  labPassword,
  PgbouncerLab,
  type PgbouncerLabOptions,
  type PgbouncerSettings,
} from './pgbouncer-lab.ts';
export { PostgresLab, type PostgresLabOptions } from './postgres-lab.ts';
export { playSleepLane, runSleepLoad, type SleepLoadOptions } from './sleep-load.ts';
