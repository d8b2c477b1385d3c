import { SeededRandom } from '@levitate/clock';
import {
  BoundedBuffer,
  bufferBench,
  connectionPool,
  drawArrivals,
  LoadBalancer,
  ManagedHeap,
  type Reading,
  type ResourceTotals,
  rotationOf,
  runTrial,
  threadPool,
} from '@levitate/queueing';
import { describe, expect, it } from 'vitest';
import { DoubleDecay } from './double-decay.ts';
import type { Law } from './law.ts';
import { Optomechanical } from './optomechanical.ts';
import { StaticLaw } from './static-law.ts';

const length = { uncountedSeconds: 20, countedSeconds: 100 };
const seconds = 120;
/** A third of the peak, then most of it for 20 s. */
const loud = (second: number) => second >= 60 && second < 80;
const drawn = (peak: number) =>
  drawArrivals(
    Float64Array.from({ length: seconds }, (_, second) => peak * (loud(second) ? 0.9 : 0.3)),
    new SeededRandom(1),
  );
const requests = { thousand: drawn(1000), toDatabase: drawn(1250), toBackends: drawn(840) };
/** 0.15 of the drain, with 400 packets at once every second of the loud part. */
const packets = Float64Array.from({ length: seconds * 1000 }, (_, ms) =>
  loud(Math.floor(ms / 1000)) && ms % 1000 === 0 ? 400 : ms % 4 === 0 ? 5 : 0,
);

/** What a law wishes is what is asked for: the envelope has no say here. */
const obey = (law: Law) => (reading: Reading) => law.step(reading).wish;

/** A law from a small start, on each resource of the control bench. */
const resources: Record<
  string,
  { small: number; large: number; run: (law: Law, size: number) => ResourceTotals }
> = {
  buffer: {
    small: bufferBench.sizeMin,
    large: bufferBench.sizeMax,
    run: (law, size) =>
      runTrial({
        resource: new BoundedBuffer({ size }),
        arrivals: packets,
        policy: obey(law),
        ...length,
      }),
  },
  threadpool: {
    small: 10,
    large: 128,
    run: (law, size) =>
      runTrial({
        resource: threadPool({ size }),
        arrivals: requests.thousand,
        policy: obey(law),
        ...length,
      }),
  },
  connectionpool: {
    small: 10,
    large: 64,
    run: (law, size) =>
      runTrial({
        resource: connectionPool({ size }),
        arrivals: requests.toDatabase,
        policy: obey(law),
        ...length,
      }),
  },
  memory: {
    small: 1e9,
    large: 12e9,
    run: (law, size) =>
      runTrial({
        resource: new ManagedHeap({ size, requestsPerSecond: 300 }),
        arrivals: requests.thousand,
        policy: obey(law),
        ...length,
      }),
  },
  loadbalancer: {
    small: 200,
    large: 1200,
    run: (law, size) =>
      runTrial({
        resource: new LoadBalancer({ rotation: rotationOf(size) }),
        arrivals: requests.toBackends,
        policy: (reading) => rotationOf(law.step(reading).wish),
        ...length,
      }),
  },
};

describe.each(Object.entries(resources))('on the %s of the control bench', (name, resource) => {
  const { small, large, run } = resource;

  it('a static law changes nothing', () => {
    expect(run(new StaticLaw(small), small).changes).toBe(0);
  });

  it.each([
    ['double/decay', () => new DoubleDecay()],
    ['the optomechanical law', () => new Optomechanical()],
  ] as const)('%s follows the load', (_, make) => {
    const least = run(new StaticLaw(small), small);
    const most = run(new StaticLaw(large), large);
    const ruled = run(make(), small);
    expect(ruled.arrived).toBe(least.arrived);
    expect(ruled.changes).toBeGreaterThan(2);
    // A heap that is short collects without rest: its cost is the cores, not rejects.
    if (name !== 'memory') expect(ruled.rejected).toBeLessThan(least.rejected / 2);
    expect(ruled.reservedOverPeak).toBeLessThan(most.reservedOverPeak);
  });
});
