import { resourceDefaults } from '@levitate/control';
import { loadBalancerBench, trialCosts } from '@levitate/queueing';
import { playBalancerRun } from '@levitate/resource-adapters/haproxy/lab';
import { assertInTime } from './runs.ts';
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
  atOnce: 2,
  async play({ recentPerSecondMax, tunedSize, ...trial }, signal) {
    signal.throwIfAborted();
    const run = { ...trial, ratesPerSecond, peakPerSecond: peak };
    const asked = recentPerSecondMax / resourceDefaults.loadbalancer.setpoint;
    const size = Math.min(all, smallest * Math.ceil(asked / smallest));
    const [ours, other] = await Promise.all([
      playBalancerRun(run, { kind: 'ours', size }),
      playBalancerRun(run, { kind: 'static', size: tunedSize }),
    ]);
    assertInTime([ours, other]);
    return { cost: trialCosts(ours).standard, otherCost: trialCosts(other).standard };
  },
};
