import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawArrivals } from './arrival-stream.ts';
import {
  backendSlowdowns,
  LoadBalancer,
  loadBalancerBench,
  type Rotation,
  rotationOf,
} from './load-balancer.ts';
import { noSlowdowns } from './slowdowns.ts';

const { ratesPerSecond, peak } = loadBalancerBench;
const steady = (rate: number, seconds: number, seed: number) =>
  drawArrivals(new Float64Array(seconds).fill(rate), new SeededRandom(seed));
const equal = ratesPerSecond.map(() => 1);
const all: Rotation = { isIn: ratesPerSecond.map(() => true), weights: equal };
const only = (...indices: number[]): Rotation => ({
  isIn: ratesPerSecond.map((_, index) => indices.includes(index)),
  weights: equal,
});

/** Served by each backend. */
function shares(balancer: LoadBalancer, { rate, seconds }: { rate: number; seconds: number }) {
  const arrivals = steady(rate, seconds, 1);
  const served = ratesPerSecond.map(() => 0);
  for (let period = 0; period < seconds * 10; period++) {
    balancer.advance(arrivals).backends.forEach((backend, index) => {
      served[index] = (served[index] as number) + backend.served;
    });
  }
  return served.map((count) => count / (rate * seconds));
}

describe('LoadBalancer', () => {
  it('serves at one backend as long as M/M/1 says', () => {
    const arrivals = steady(120, 2000, 2);
    const balancer = new LoadBalancer({ rotation: only(0) });
    let [served, latency] = [0, 0];
    for (let period = 0; period < 20_000; period++) {
      const backend = balancer.advance(arrivals).backends[0];
      if (backend?.latencySeconds === undefined) continue;
      served += backend.served;
      latency += backend.served * backend.latencySeconds;
    }
    expect(latency / served / (1 / (200 - 120))).toBeCloseTo(1, 1.3);
    expect(balancer.totals().reservedOverPeak).toBeCloseTo(200 / peak, 12);
  });

  it('spreads by speed under leastconn, without being told the speeds', () => {
    const served = shares(new LoadBalancer({ rotation: all }), { rate: 1150, seconds: 200 });
    const fast = served.slice(0, 4).reduce((sum, share) => sum + share, 0);
    expect(fast).toBeGreaterThan(0.64);
    expect(fast).toBeLessThan(0.69);
    for (const share of served.slice(0, 4)) expect(share / (fast / 4)).toBeCloseTo(1, 1.3);
  });

  it('spreads by weight under round robin', () => {
    const rotation = { ...all, weights: [4, 2, 1, 1, 0, 0, 0, 0] };
    const balancer = new LoadBalancer({ rotation, balance: 'roundrobin' });
    const served = shares(balancer, { rate: 160, seconds: 100 });
    for (const [index, share] of [0.5, 0.25, 0.125, 0.125, 0].entries()) {
      expect((served[index] as number) / (served.reduce((sum, one) => sum + one) || 1)).toBeCloseTo(
        share,
        2,
      );
    }
  });

  it('sends less to a backend that degrades, and rejects where round robin does not see it', () => {
    const slow = {
      fromMs: Float64Array.of(0),
      toMs: Float64Array.of(1e6),
      factor: Float64Array.of(0.1),
    };
    const slowdowns = [slow, ...ratesPerSecond.slice(1).map(() => noSlowdowns)];
    const rotation = { ...all, weights: ratesPerSecond };
    const least = new LoadBalancer({ rotation, slowdowns });
    expect(shares(least, { rate: 600, seconds: 60 })[0]).toBeLessThan(0.06);
    expect(least.totals().rejected).toBe(0);
    const turn = new LoadBalancer({ rotation, slowdowns, balance: 'roundrobin' });
    shares(turn, { rate: 600, seconds: 60 });
    expect(turn.totals().rejected).toBeGreaterThan(0.1 * 600 * 60);
    expect(turn.totals().delayP99Seconds).toBeGreaterThan(0.9);
  });

  it('uses a backend at once where that takes no time', () => {
    // The second would wait for the first if there were one only.
    const arrivals = { atMs: Float64Array.of(50, 51), work: Float64Array.of(600, 1) };
    const balancer = new LoadBalancer({ rotation: only(0), actuationDelayMs: 0 });
    balancer.request(only(0, 4));
    expect(balancer.advance(arrivals)).toMatchObject({ size: 300, served: 1 });
  });

  it('uses a backend a second after it is taken in, and counts it until it is drained', () => {
    // The third request takes 6 s on the slow backend, the last 3 s on the fast one.
    const arrivals = {
      atMs: Float64Array.of(50, 950, 1050, 1060),
      work: Float64Array.of(1, 1, 600, 600),
    };
    const balancer = new LoadBalancer({ rotation: only(0) });
    balancer.request(only(0, 4));
    expect(balancer.reserved).toBe(300);
    for (let period = 0; period < 9; period++) {
      expect(balancer.advance(arrivals)).toMatchObject({ size: 200, requested: 300 });
    }
    expect(balancer.advance(arrivals)).toMatchObject({ nowMs: 1000, size: 300 });
    balancer.advance(arrivals);
    expect(balancer.inSystem).toBe(2);
    balancer.request(only(4));
    expect(balancer.advance(arrivals)).toMatchObject({ size: 100, requested: 100 });
    expect(balancer.reserved).toBe(300);
    const left = [];
    for (let period = 12; period < 75; period++) {
      balancer.advance(arrivals);
      left.push(balancer.reserved);
    }
    expect(left.filter((reserved) => reserved === 300).length).toBe(28); // until 4.06 s
    expect(left.at(-1)).toBe(100);
    expect(balancer.totals().changes).toBe(2);
  });

  it('is usable at once if taken back while it drains, and rejects if nothing is usable', () => {
    const arrivals = { atMs: Float64Array.of(10, 110, 210), work: Float64Array.of(100, 1, 1) };
    const balancer = new LoadBalancer({ rotation: only(0) });
    balancer.advance(arrivals);
    balancer.request(only(1));
    expect(balancer.advance(arrivals)).toMatchObject({ rejected: 1, size: 0, requested: 200 });
    balancer.request(only(0, 1));
    expect(balancer.advance(arrivals)).toMatchObject({ rejected: 0, size: 200, requested: 400 });
    balancer.request(only(0, 1));
    expect(balancer.totals().changes).toBe(2);
  });

  it('degrades each backend as seldom and as badly as the bench says', () => {
    const untilMs = 4e8;
    const drawn = backendSlowdowns({ untilMs, random: new SeededRandom(3) });
    expect(drawn.length).toBe(8);
    for (const { fromMs, toMs, factor } of drawn) {
      expect(fromMs.length / (untilMs / 675_000)).toBeCloseTo(1, 0.7);
      fromMs.forEach((from, index) => {
        expect(((toMs[index] as number) - from) / 75_000 - 1).toBeLessThan(0.601);
        expect(from).toBeGreaterThan(toMs[index - 1] ?? 0);
        expect(Math.abs((factor[index] as number) - 0.35)).toBeLessThanOrEqual(0.25);
      });
    }
  });

  it('takes the fastest backends first for a capacity', () => {
    expect(rotationOf(0).isIn).toEqual(only(0).isIn);
    expect(rotationOf(600).isIn).toEqual(only(0, 1, 2).isIn);
    expect(rotationOf(801).isIn).toEqual(only(0, 1, 2, 3, 4).isIn);
    expect(rotationOf(9999).isIn).toEqual(all.isIn);
  });

  it('loses no request and reserves what it uses under any sequence of rotations', () => {
    const rotation = fc.tuple(
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      fc.array(fc.nat(5), { minLength: 8, maxLength: 8 }),
      fc.nat(5),
    );
    const balance = fc.constantFrom('leastconn' as const, 'roundrobin' as const);
    const moves = fc.array(rotation, { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(moves, balance, fc.nat(1500), fc.nat(), (list, kind, rate, seed) => {
        const arrivals = steady(rate, 20, seed);
        const slowdowns = backendSlowdowns({ untilMs: 2e4, random: new SeededRandom(seed) });
        const balancer = new LoadBalancer({ rotation: all, balance: kind, slowdowns });
        let arrived = 0;
        for (const [isIn, weights, wait] of list) {
          balancer.request({ isIn, weights });
          for (let period = 0; period <= wait; period++) {
            const reading = balancer.advance(arrivals);
            arrived += reading.arrived;
            const busy = reading.backends.filter(({ active }) => active > 0);
            const inUse = busy.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
            expect(balancer.reserved).toBeGreaterThanOrEqual(Math.max(inUse, reading.size));
            expect(reading.size).toBeLessThanOrEqual(reading.requested);
          }
        }
        const { served, rejected } = balancer.totals();
        expect(balancer.totals().arrived).toBe(arrived);
        expect(served + rejected + balancer.inSystem).toBe(arrived);
      }),
      { numRuns: 40 },
    );
  });
});
