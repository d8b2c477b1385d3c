import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivalStream, drawArrivals } from './arrival-stream.ts';
import { connectionPool, connectionPoolBench, databaseSlowdowns } from './connection-pool.ts';
import { Pool } from './pool.ts';
import { threadPool, threadPoolBench } from './thread-pool.ts';

const steady = (rate: number, seconds: number, seed: number) =>
  drawArrivals(new Float64Array(Math.round(seconds)).fill(rate), new SeededRandom(seed));

/** Mean time from arrival to end, seconds, and the mean own service. */
function meanLatency(pool: Pool, { arrivals, serviceMs }: Run) {
  const seconds = (arrivals.atMs.at(-1) as number) / 1000;
  let served = 0;
  let latency = 0;
  for (let period = 0; period < seconds * 10; period++) {
    const reading = pool.advance(arrivals);
    served += reading.served;
    latency += reading.served === 0 ? 0 : reading.served * (reading.latencySeconds as number);
  }
  const work = arrivals.work.reduce((sum, one) => sum + one, 0) / arrivals.work.length;
  return { latency: latency / served, own: (work * serviceMs) / 1000 };
}

interface Run {
  arrivals: ArrivalStream;
  serviceMs: number;
}

/** Share of requests that wait in M/M/c, by Erlang's C formula. @param load in services */
function erlangC(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Mean number in the system of a birth-death process. @param deaths rate with n in the system */
function meanInSystem(rate: number, deaths: (n: number) => number): number {
  let weight = 1;
  let sum = 1;
  let mean = 0;
  for (let n = 1; n < 3000; n++) {
    weight *= rate / deaths(n);
    sum += weight;
    mean += n * weight;
  }
  return mean / sum;
}

const pools = { thread: threadPool, connection: connectionPool };
const benches = { thread: threadPoolBench, connection: connectionPoolBench };

describe.each(['thread', 'connection'] as const)('the %s pool', (kind) => {
  const { serviceMs, peak } = benches[kind];

  it('makes requests wait as long as Erlang says while it is below the knee', () => {
    const size = 12;
    const rate = 10 / (serviceMs / 1000);
    const arrivals = steady(rate, 2500, 1);
    const pool = pools[kind]({ size });
    const { latency, own } = meanLatency(pool, { arrivals, serviceMs });
    const spare = size / (serviceMs / 1000) - rate;
    const waits = erlangC(size, 10);
    expect((latency - own) / (waits / spare)).toBeCloseTo(1, 1.2);
    const p99 = Math.log(waits / 0.01) / spare;
    expect((pool.totals().delayP99Seconds as number) / p99).toBeCloseTo(1, 1.2);
    expect(pool.totals().rejected).toBe(0);
  });

  it('reads as need what is in the system at most, and reserves what it has', () => {
    const pool = pools[kind]({ size: 64 });
    const arrivals = steady((1000 * peak) / serviceMs, 60, 2);
    const needs: number[] = [];
    for (let period = 0; period < 600; period++) needs.push(pool.advance(arrivals).need);
    const mean = needs.slice(10).reduce((sum, need) => sum + need, 0) / 590;
    // The mean of the highest of a few looks at a Poisson number lies above its mean.
    expect(mean).toBeGreaterThan(peak);
    expect(mean).toBeLessThan(peak + 2 * Math.sqrt(peak));
    expect(pool.totals().reservedOverPeak).toBeCloseTo(64 / peak, 9);
  });
});

describe('Pool', () => {
  const idle = steady(0, 1, 1);

  it.each([
    { name: 'as processor sharing does', knee: 1, loss: 0, sizeMax: 400, rate: 13 },
    { name: 'with what sharing costs', knee: 8, loss: 0.5, sizeMax: 16, rate: 90 },
    { name: 'of the bench', knee: 64, loss: 0.05, sizeMax: 128, rate: 1170 },
  ])('shares throughput beyond the knee $name', ({ knee, loss, sizeMax, rate }) => {
    const arrivals = steady(rate, 300_000 / rate, 3);
    const pool = new Pool({ ...threadPoolBench, knee, loss, sizeMax, size: sizeMax });
    const { latency } = meanLatency(pool, { arrivals, serviceMs: 50 });
    const inSystem = meanInSystem(rate, (n) => {
      const busy = Math.min(n, sizeMax);
      const shared = busy <= knee ? busy : knee / (1 + (loss * (busy - knee)) / knee);
      return shared / 0.05;
    });
    expect(latency / (inSystem / rate)).toBeCloseTo(1, 1.2);
  });

  it('uses new places to the tick, and counts them from the request on', () => {
    const threads = threadPool({ size: 10 });
    threads.request(30);
    expect(threads.reserved).toBe(30);
    expect(threads.advance(idle)).toMatchObject({ nowMs: 100, size: 30, requested: 30 });
    const connections = connectionPool({ size: 10 });
    connections.request(30);
    expect(connections.reserved).toBe(30);
    for (let period = 1; period < 10; period++) {
      expect(connections.advance(idle)).toMatchObject({ size: 10, requested: 30 });
    }
    expect(connections.advance(idle)).toMatchObject({ nowMs: 1000, size: 30 });
  });

  it('gives idle threads back at once, connections 10 s later or not if needed again', () => {
    const threads = threadPool({ size: 30 });
    threads.request(10);
    expect(threads.reserved).toBe(10);
    const connections = connectionPool({ size: 30 });
    connections.request(10);
    expect(connections.advance(idle)).toMatchObject({ size: 10, requested: 10 });
    connections.request(25);
    expect(connections.advance(idle)).toMatchObject({ size: 25, requested: 25 });
    for (let period = 2; period < 99; period++) connections.advance(idle);
    expect(connections.reserved).toBe(30);
    connections.advance(idle);
    connections.advance(idle);
    expect(connections.reserved).toBe(25);
    expect(connections.totals().changes).toBe(2);
  });

  it('lets a busy thread finish before it goes, without a new request', () => {
    const arrivals = { atMs: Float64Array.of(1, 2, 3, 4), work: Float64Array.of(4, 5, 1, 1) };
    const pool = threadPool({ size: 4 });
    // Two long requests (200 and 250 ms) and two short ones hold four threads.
    pool.advance(arrivals);
    pool.request(4);
    expect(pool.reserved).toBe(4);
    const busy = new Pool({ ...threadPoolBench, sizeMin: 1, size: 2 });
    busy.advance(arrivals);
    busy.request(1);
    expect(busy.reserved).toBe(2);
    busy.advance(arrivals);
    expect(busy.advance(arrivals)).toMatchObject({ size: 1, queueDepth: 1 });
    expect(busy.reserved).toBe(1);
  });

  it('turns away whoever waited a second, and tells it in need and delay', () => {
    const arrivals = { atMs: Float64Array.of(0, 1), work: Float64Array.of(40, 1) };
    const pool = new Pool({ ...threadPoolBench, sizeMin: 1, size: 1 });
    let last = pool.advance(arrivals);
    while (last.rejected === 0) last = pool.advance(arrivals);
    expect(last).toMatchObject({ nowMs: 1100, need: 3, dropped: 1, delaySecondsMax: 1 });
    for (let period = 0; period < 10; period++) last = pool.advance(arrivals);
    expect(pool.totals()).toMatchObject({ arrived: 2, served: 1, rejected: 1 });
  });

  it('counts only what came since counting began', () => {
    const arrivals = steady(400, 20, 4);
    const pool = threadPool({ size: 40 });
    for (let period = 0; period < 100; period++) pool.advance(arrivals);
    pool.request(50);
    pool.startCounting();
    for (let period = 0; period < 100; period++) pool.advance(arrivals);
    const since = arrivals.atMs.filter((atMs) => atMs >= 10_000).length;
    const totals = pool.totals();
    expect(totals).toMatchObject({ arrived: since, changes: 0, elapsedSeconds: 10 });
    expect(totals.reservedOverPeak).toBeCloseTo(1, 9);
    expect(totals.served + pool.inSystem).toBe(since);
  });

  it('is as slow as the database behind it', () => {
    const arrivals = steady(500, 40, 5);
    const slow = { fromMs: [10_050], toMs: [30_020], factor: [0.5] };
    const slowdowns = {
      fromMs: Float64Array.from(slow.fromMs),
      toMs: Float64Array.from(slow.toMs),
      factor: Float64Array.from(slow.factor),
    };
    const pool = connectionPool({ size: 64, slowdowns });
    const active = Array.from({ length: 400 }, () => pool.advance(arrivals).active);
    const mean = (from: number, to: number) =>
      active.slice(from, to).reduce((sum, one) => sum + one, 0) / (to - from);
    expect(mean(10, 100) / 20).toBeCloseTo(1, 0.8);
    expect(mean(110, 300) / 40).toBeCloseTo(1, 0.8);
    const drawn = databaseSlowdowns({ untilMs: 4e6, random: new SeededRandom(6) });
    expect(drawn.factor.every((factor) => factor >= 0.3 && factor < 0.7)).toBe(true);
    expect(drawn.fromMs.length).toBeGreaterThan(5);
  });

  it('loses no request and keeps its bounds under any sequence of sizes', () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: -20, max: 200 }), fc.nat(3)), {
      minLength: 1,
      maxLength: 60,
    });
    const any = fc.constantFrom('thread' as const, 'connection' as const);
    fc.assert(
      fc.property(any, moves, fc.nat(1500), fc.nat(), (kind, sizes, rate, seed) => {
        const pool = pools[kind]({ size: 20 });
        const arrivals = steady(rate, 20, seed);
        let arrived = 0;
        for (const [size, wait] of sizes) {
          pool.request(size);
          for (let period = 0; period <= wait; period++) {
            const reading = pool.advance(arrivals);
            arrived += reading.arrived;
            expect(reading.size).toBeLessThanOrEqual(pool.reserved);
            expect(reading.requested).toBeLessThanOrEqual(pool.reserved);
            expect(reading.requested).toBe(
              Math.min(benches[kind].sizeMax, Math.max(4, Math.ceil(size))),
            );
            expect(pool.reserved).toBeLessThanOrEqual(benches[kind].sizeMax);
            expect(reading.active).toBeLessThan(pool.sizeMax + 1e-9);
            expect(reading.need).toBeGreaterThanOrEqual(reading.dropped);
          }
        }
        const { served, rejected } = pool.totals();
        expect(pool.totals().arrived).toBe(arrived);
        expect(served + rejected + pool.inSystem).toBe(arrived);
      }),
      { numRuns: 40 },
    );
  });
});
