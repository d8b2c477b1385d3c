import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivalStream, drawArrivals } from './arrival-stream.ts';
import { cycleSeconds, heapNeed } from './collected-heap.ts';
import { ManagedHeap, type ManagedHeapReading, managedHeapBench } from './managed-heap.ts';

const steady = (rate: number, seconds: number, seed: number) =>
  drawArrivals(new Float64Array(seconds).fill(rate), new SeededRandom(seed));

/** Requests that come evenly, so that allocation is constant. */
function evenly(rate: number, seconds: number) {
  const atMs = Float64Array.from({ length: rate * seconds }, (_, n) => ((n + 0.5) * 1000) / rate);
  return { atMs, work: new Float64Array(atMs.length).fill(1) };
}

function run(heap: ManagedHeap, input: { arrivals: ArrivalStream; seconds: number }) {
  return Array.from({ length: input.seconds * 10 }, () => heap.advance(input.arrivals));
}

const sum = (readings: ManagedHeapReading[], of: (reading: ManagedHeapReading) => number) =>
  readings.reduce((total, reading) => total + of(reading), 0);

describe('ManagedHeap', () => {
  it.each([
    { rate: 300, size: 6e9 },
    { rate: 500, size: 9e9 },
    { rate: 100, size: 2e9 },
  ])('collects as often as its formula says at $rate requests/s', ({ rate, size }) => {
    const heap = new ManagedHeap({ size, requestsPerSecond: rate });
    const arrivals = evenly(rate, 400);
    run(heap, { arrivals, seconds: 60 });
    heap.startCounting();
    const readings = run(heap, { arrivals, seconds: 300 });
    const live = 0.5e9 + rate * 60 * 50_000;
    const perSecond = rate * 2e6;
    const cycle = 0.1 + live / 2e9;
    const every = (size - live) / perSecond - 1.2 * cycle;
    expect(sum(readings, ({ cycles }) => cycles) / (300 / every)).toBeCloseTo(1, 1.2);
    expect(sum(readings, ({ collectorDuty }) => collectorDuty) / 10 / 300).toBeCloseTo(
      cycle / every,
      1.8,
    );
    // It is fullest at the end of a cycle, when 0.2 of what a cycle sees is left.
    const last = readings.at(-1) as ManagedHeapReading;
    expect(last.committedBytes / (size - 0.2 * perSecond * cycle)).toBeCloseTo(1, 1.8);
    expect(last.liveBytes / live).toBeCloseTo(1, 2);
    expect(last.allocationBytesPerSecond / perSecond).toBeCloseTo(1, 1.5);
    const committed = last.committedBytes / managedHeapBench.peakNeedBytes;
    const { reservedOverPeak } = heap.totals();
    expect(reservedOverPeak / (committed + (0.25 * cycle) / every)).toBeCloseTo(1, 1.5);
  });

  it('never rests with less than its need, and does with more', () => {
    const of = (rate: number) => ({
      liveBytes: 0.5e9 + rate * 3e6,
      allocationBytesPerSecond: rate * 2e6,
    });
    expect(managedHeapBench.peakNeedBytes).toBeCloseTo(11.64e9, -3);
    expect(cycleSeconds(of(1000).liveBytes)).toBeCloseTo(1.85, 12);
    const rate = 400;
    const need = heapNeed(of(rate));
    const duty = (size: number) => {
      const heap = new ManagedHeap({ size, requestsPerSecond: rate });
      const readings = run(heap, { arrivals: evenly(rate, 60), seconds: 60 }).slice(200);
      expect(readings.at(-1)?.need).toBeGreaterThan(0.98 * need);
      expect(readings.at(-1)?.need).toBeLessThan(1.02 * need);
      return sum(readings, ({ collectorDuty }) => collectorDuty) / readings.length;
    };
    expect(duty(0.95 * need)).toBeGreaterThan(0.99);
    expect(duty(1.1 * need)).toBeLessThan(0.9);
  });

  it('lets requests wait while the collector takes its cores', () => {
    const delays = [4.6e9, 12e9].map((size) => {
      const heap = new ManagedHeap({ size, requestsPerSecond: 850 });
      run(heap, { arrivals: steady(850, 100, 1), seconds: 100 });
      return heap.totals().delayP99Seconds as number;
    });
    expect(delays[0]).toBeGreaterThan(0.02);
    expect(delays[1]).toBeLessThan(delays[0] as number);
  });

  it('serves like sixteen cores: M/D/16 needs no wait at half load and much at nearly full', () => {
    const heap = new ManagedHeap({ size: 12e9 });
    run(heap, { arrivals: steady(588, 60, 2), seconds: 60 });
    expect(heap.totals().delayP99Seconds).toBeLessThan(0.01);
    const full = new ManagedHeap({ size: 12e9 });
    const readings = run(full, { arrivals: steady(1400, 60, 3), seconds: 60 });
    const late = readings.slice(300);
    // Twelve cores or sixteen, never more: 882 to 1,176 requests a second.
    const rate = sum(late, ({ served }) => served) / 30;
    expect(rate).toBeGreaterThan(880);
    expect(rate).toBeLessThan(1180);
    expect(full.totals().rejected).toBeGreaterThan(0);
  });

  it('stands still at the maximum of a fixed heap, and commits all of it', () => {
    const heap = new ManagedHeap({ size: 2e9, isFixed: true, requestsPerSecond: 300 });
    const readings = run(heap, { arrivals: evenly(300, 30), seconds: 30 });
    expect(sum(readings, ({ stallSeconds }) => stallSeconds)).toBeGreaterThan(5);
    expect(readings.every(({ usedBytes }) => usedBytes <= 2e9)).toBe(true);
    expect(heap.reserved).toBe(2e9);
    expect(() => heap.request(3e9)).toThrow(/fixed size/);
    const tooSmall = new ManagedHeap({ size: 1.2e9, isFixed: true, requestsPerSecond: 300 });
    run(tooSmall, { arrivals: evenly(300, 30), seconds: 30 });
    expect(tooSmall.totals().served).toBeLessThan(0.3 * 300 * 30);
  });

  it('gives committed memory back when it was not used for 30 s', () => {
    const heap = new ManagedHeap({ size: 8e9, requestsPerSecond: 200 });
    const arrivals = evenly(200, 200);
    run(heap, { arrivals, seconds: 60 });
    expect(heap.reserved).toBeGreaterThan(7.5e9);
    heap.request(3e9);
    run(heap, { arrivals, seconds: 10 });
    expect(heap.reserved).toBeGreaterThan(7.5e9);
    run(heap, { arrivals, seconds: 35 });
    expect(heap.reserved).toBeLessThan(3.1e9);
    expect(heap.totals().changes).toBe(1);
  });

  it('loses no request and stays below its maximum under any sequence of ceilings', () => {
    const moves = fc.array(fc.tuple(fc.double({ min: 0, max: 15e9, noNaN: true }), fc.nat(8)), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(moves, fc.nat(1400), fc.nat(), (list, rate, seed) => {
        const arrivals = steady(rate, 20, seed);
        const heap = new ManagedHeap({ size: 4e9, requestsPerSecond: rate });
        let arrived = 0;
        for (const [size, wait] of list) {
          heap.request(size);
          for (let period = 0; period <= wait; period++) {
            const reading = heap.advance(arrivals);
            arrived += reading.arrived;
            expect(reading.usedBytes).toBeLessThanOrEqual(reading.committedBytes);
            expect(reading.committedBytes).toBeLessThanOrEqual(12e9 + 1);
            expect(reading.size).toBe(Math.min(12e9, Math.max(1e9, size)));
            expect(reading.collectorDuty).toBeLessThan(1 + 1e-9);
          }
        }
        const { served, rejected } = heap.totals();
        expect(served + rejected + heap.inSystem).toBe(arrived);
      }),
      { numRuns: 40 },
    );
  });
});
