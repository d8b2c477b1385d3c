export { ByteFifo, type ByteFifoCounters, type ByteFifoOptions } from './byte-fifo.ts';
export { type ArrivalStream, drawArrivals } from './control/arrival-stream.ts';
export type { BackendReading } from './control/backend.ts';
export {
  blockBootstrap,
  type GainInterval,
  type PairedCost,
  resourcesJudged,
} from './control/block-bootstrap.ts';
export {
  BoundedBuffer,
  type BufferReading,
  bufferBench,
  scaledPackets,
} from './control/bounded-buffer.ts';
export { type BufferTrial, drawBufferTrials, type PacketFile } from './control/buffer-trial.ts';
export { heapBench, heapNeed } from './control/collected-heap.ts';
export {
  connectionPool,
  connectionPoolBench,
  databaseSlowdowns,
} from './control/connection-pool.ts';
export {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './control/controlled-resource.ts';
export {
  backendSlowdowns,
  LoadBalancer,
  type LoadBalancerOptions,
  type LoadBalancerReading,
  loadBalancerBench,
  type Rotation,
  rotationOf,
} from './control/load-balancer.ts';
export { oracleRotations } from './control/load-balancer-oracle.ts';
export {
  ManagedHeap,
  type ManagedHeapOptions,
  type ManagedHeapReading,
  managedHeapBench,
} from './control/managed-heap.ts';
export { type OracleOptions, oraclePolicy } from './control/oracle-policy.ts';
export { Pool, type PoolOptions, type PoolReading } from './control/pool.ts';
export {
  drawPlaces,
  onsetsOf,
  peakLevel,
  type RequestFile,
  ratesOf,
  requestBlockSeconds,
  type TrialPlace,
  trialOf,
} from './control/request-trial.ts';
export {
  bufferTrialLength,
  costTermsOf,
  delayBudgetSeconds,
  type Policy,
  requestTrialLength,
  runTrial,
  type TrialLength,
  type TrialRun,
  trialCosts,
  type WeightedCosts,
} from './control/run-trial.ts';
export type { Slowdowns } from './control/slowdowns.ts';
export {
  bestStatic,
  ownStaticCosts,
  runStatics,
  type StaticTuning,
  sizeGrid,
} from './control/static-grid.ts';
export { threadPool, threadPoolBench } from './control/thread-pool.ts';
export { type CostTerms, type CostWeights, cost, costWeights } from './cost.ts';
export { DelayTally } from './delay-tally.ts';
export { queueOracleDrops, type SlowResourceOracle, slowResourceOracle } from './oracle-bound.ts';
export {
  type Admission,
  type AdmissionStep,
  byLimits,
  dynamicThresholds,
  pushOutLongest,
} from './shared-memory/admission.ts';
export { SharedMemory, type SharedMemoryOptions } from './shared-memory/shared-memory.ts';
export { type SimulatedInterval, type SimulatePlanOptions, simulatePlan } from './simulate-plan.ts';
export {
  SlowResource,
  type SlowResourceOptions,
  type SlowResourceStep,
  type SlowResourceTotals,
} from './slow-resource.ts';
