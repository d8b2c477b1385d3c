export { type LaneSettings, type LaneTotals, type PoolLook, playLane } from './lane.ts';
export {
  type OpenLoopOptions,
  type OpenLoopRun,
  runOpenLoop,
  type Served,
} from './open-loop.ts';
export {
  playWorkerLane,
  runWorkerLoad,
  sleepingPool,
  type WorkerLoadOptions,
} from './worker-load.ts';
