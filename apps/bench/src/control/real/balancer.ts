import { resourceDefaults } from '@levitate/control';
import { loadBalancerBench, type Slowdowns, trialCosts } from '@levitate/queueing';
import { playBalancerRun, type SpeedChange } from '@levitate/resource-adapters/haproxy/lab';
import { assertInTime } from './runs.ts';
import { simulatedBalancers } from './simulated-pair.ts';
import type { RealTrial } from './trial.ts';
import type { RequestSystem } from './trials.ts';

const { ratesPerSecond, peak } = loadBalancerBench;
const smallest = Math.min(...ratesPerSecond);
const all = ratesPerSecond.reduce((sum, rate) => sum + rate, 0);

/**
 * Real HAProxys before real HTTP servers whose speed is set: one under the controller of the SDK
 * and the adapter, one with a rotation that never changes. Ours begins at what the minute before
 * would have left it at; the static one is the tuned.
 */
export const realBalancer: RequestSystem = {
  simulate: (trial) => simulatedBalancers(trial, startOf(trial)),
  async play(trial, signal) {
    signal.throwIfAborted();
    const { arrivals, countedFromMs, slowdowns, tunedSize } = trial;
    const speedChanges = speedChangesOf(slowdowns);
    const load = { arrivals, countedFromMs, speedChanges, signal };
    const run = { ...load, ratesPerSecond, peakPerSecond: peak };
    const [ours, other] = await Promise.all([
      playBalancerRun(run, { kind: 'ours', size: startOf(trial) }),
      playBalancerRun(run, { kind: 'static', size: tunedSize }),
    ]);
    assertInTime([ours, other]);
    return { cost: trialCosts(ours).standard, otherCost: trialCosts(other).standard };
  },
};

/** What the minute before would have left a controller at, requests/s. */
function startOf({ recentPerSecondMax }: RealTrial): number {
  const asked = recentPerSecondMax / resourceDefaults.loadbalancer.setpoint;
  return Math.min(all, smallest * Math.ceil(asked / smallest));
}

/** When a server gets another speed, in the order of time. */
function speedChangesOf(slowdowns: readonly Slowdowns[]): SpeedChange[] {
  return slowdowns
    .flatMap(({ fromMs, toMs, factor }, server) =>
      [...fromMs].flatMap((atMs, index) => [
        { atMs, server, speed: factor[index] as number },
        { atMs: toMs[index] as number, server, speed: 1 },
      ]),
    )
    .toSorted((one, other) => one.atMs - other.atMs);
}
