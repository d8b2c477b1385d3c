export {
  type OpenLoopOptions,
  type OpenLoopRun,
  runOpenLoop,
  type Served,
} from './open-loop.ts';
export { runWorkerLoad, sleepingPool, type WorkerLoadOptions } from './worker-load.ts';
