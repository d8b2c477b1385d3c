export { ByteFifo, type ByteFifoCounters, type ByteFifoOptions } from './byte-fifo.ts';
export { type CostTerms, type CostWeights, cost, costWeights } from './cost.ts';
export { DelayTally } from './delay-tally.ts';
export { queueOracleDrops, type SlowResourceOracle, slowResourceOracle } from './oracle-bound.ts';
export { type SimulatedInterval, type SimulatePlanOptions, simulatePlan } from './simulate-plan.ts';
export {
  SlowResource,
  type SlowResourceOptions,
  type SlowResourceStep,
  type SlowResourceTotals,
} from './slow-resource.ts';
