export { PgPoolResource, type PgPoolResourceOptions } from './pg-pool-resource.ts';
export type { PoolTallyReading } from './pool-tally.ts';
export { WorkerPool, type WorkerPoolOptions, type WorkerPoolState } from './worker-pool.ts';
export { WorkerPoolError, type WorkerPoolErrorCode } from './worker-pool-error.ts';
export { WorkerPoolResource, type WorkerPoolResourceOptions } from './worker-pool-resource.ts';
