import {
  connectionPool,
  LoadBalancer,
  rotationOf,
  runTrial,
  threadPool,
  trialCosts,
} from '@levitate/queueing';
import { ourBalancer, ourPool } from '../our-policies.ts';
import type { RealPair } from './runs.ts';
import { type RealTrial, realTrialLength } from './trial.ts';

/**
 * What the simulator says of the minute that real pools play, with all of its requests.
 * @param start size at which ours begins
 */
export function simulatedPools(
  { arrivals, tunedSize }: RealTrial,
  { bench, start }: { bench: PoolFigures; start: number },
): RealPair {
  const open = bench.resource === 'threadpool' ? threadPool : connectionPool;
  const costOf = (size: number, policy: ReturnType<typeof ourPool>) =>
    trialCosts(runTrial({ resource: open({ size }), arrivals, policy, ...realTrialLength }))
      .standard;
  return {
    cost: costOf(start, ourPool(bench.resource, bench)),
    otherCost: costOf(tunedSize, () => undefined),
  };
}

/** What the simulator says of the minute that real balancers play. @param start requests/s */
export function simulatedBalancers(
  { arrivals, slowdowns, tunedSize }: RealTrial,
  start: number,
): RealPair {
  const costOf = (size: number, policy: ReturnType<typeof ourBalancer>) => {
    const resource = new LoadBalancer({ rotation: rotationOf(size), slowdowns });
    return trialCosts(runTrial({ resource, arrivals, policy, ...realTrialLength })).standard;
  };
  return {
    cost: costOf(start, ourBalancer(start)),
    otherCost: costOf(tunedSize, () => undefined),
  };
}

/** A kind of pool of the bench. */
export interface PoolFigures {
  resource: 'threadpool' | 'connectionpool';
  sizeMin: number;
  sizeMax: number;
  peak: number;
  serviceMs: number;
  actuationDelayMs: number;
}
