import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { drawArrivals } from './arrival-stream.ts';
import { LoadBalancer, type LoadBalancerReading, rotationOf } from './load-balancer.ts';
import { oracleRotations, rotationAtSpeeds, slowest } from './load-balancer-oracle.ts';
import { type Policy, runTrial, trialCosts } from './run-trial.ts';
import { noSlowdowns } from './slowdowns.ts';

const slow = {
  fromMs: Float64Array.of(30_000),
  toMs: Float64Array.of(70_000),
  factor: Float64Array.of(0.1),
};

describe('rotationAtSpeeds', () => {
  it('takes healthy backends first, and only as many as the capacity needs', () => {
    const speeds = [0.1, 1, 1, 1, 1, 0.5, 1, 1];
    const names = (capacity: number) =>
      rotationAtSpeeds(capacity, speeds).isIn.flatMap((isIn, index) => (isIn ? [index] : []));
    expect(names(0)).toEqual([1]);
    expect(names(650)).toEqual([1, 2, 3, 4]);
    expect(names(901)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(names(5000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(rotationAtSpeeds(0, speeds).weights.slice(0, 2)).toEqual([20, 200]);
  });

  it('knows the least speed of a stretch', () => {
    expect(slowest(slow, { fromMs: 0, toMs: 30_000 })).toBe(1);
    expect(slowest(slow, { fromMs: 20_000, toMs: 30_001 })).toBe(0.1);
    expect(slowest(slow, { fromMs: 69_999, toMs: 90_000 })).toBe(0.1);
    expect(slowest(slow, { fromMs: 70_000, toMs: 90_000 })).toBe(1);
  });
});

it('oracleRotations costs less than any rotation that stays, when a backend degrades', () => {
  const arrivals = drawArrivals(new Float64Array(100).fill(500), new SeededRandom(1));
  const slowdowns = [slow, ...Array.from({ length: 7 }, () => noSlowdowns)];
  const run = (size: number, policy: Policy<ReturnType<typeof rotationOf>, LoadBalancerReading>) =>
    runTrial({
      resource: new LoadBalancer({ rotation: rotationOf(size), slowdowns }),
      arrivals,
      policy,
      uncountedSeconds: 20,
      countedSeconds: 80,
    });
  const needs: number[] = [];
  run(1200, ({ need }) => {
    needs.push(need);
    return undefined;
  });
  const oracle = trialCosts(run(800, oracleRotations({ needs, slowdowns, share: 0.9 })));
  for (const size of [600, 800, 1000, 1200]) {
    expect(oracle.standard).toBeLessThan(trialCosts(run(size, () => undefined)).standard);
  }
});
