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

/**
 * What the simulator says of the minute that real balancers play, whose servers serve as soon as
 * they are taken in. @param start requests/s
 */
export function simulatedBalancers(
  { arrivals, slowdowns, tunedSize }: RealTrial,
  start: number,
): RealPair {
  const costOf = (size: number, policy: ReturnType<typeof ourBalancer>) => {
    const rotation = rotationOf(size);
    const resource = new LoadBalancer({ rotation, slowdowns, actuationDelayMs: 0 });
    return trialCosts(runTrial({ resource, arrivals, policy, ...realTrialLength })).standard;
  };
  return {
    cost: costOf(start, ourBalancer(start, { actuationDelayMs: 0 })),
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
