import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedBuffer, bufferBench, scaledPackets } from './bounded-buffer.ts';

const { sizeMin, sizeMax } = bufferBench;
const quiet = new Uint32Array(10_000);

/** So many packets in one millisecond, and nothing else. */
function burst(packets: number, atMs: number): Uint32Array {
  const arrivals = new Uint32Array(10_000);
  arrivals[atMs] = packets;
  return arrivals;
}

describe('BoundedBuffer', () => {
  it('drops what does not fit, and tells need, drops and delay', () => {
    const buffer = new BoundedBuffer({ size: 150_000 });
    const reading = buffer.advance(burst(250, 3));
    expect(reading).toMatchObject({ need: 375_000, dropped: 225_000, arrived: 250, rejected: 150 });
    expect(reading.delaySecondsMax).toBeCloseTo(0.012, 9);
    expect(buffer.totals()).toMatchObject({ arrived: 250, served: 100, rejected: 150 });
    expect(buffer.totals().delayP99Seconds).toBeUndefined();
  });

  it('holds everything at the largest size that 150 ms of drain can clear', () => {
    expect(sizeMax).toBe(1_837_500);
    const buffer = new BoundedBuffer({ size: 1e9 });
    expect(buffer.advance(burst(1225, 0))).toMatchObject({ need: sizeMax, dropped: 0 });
    expect(buffer.advance(burst(1225, 0)).queueBytes).toBe(0);
  });

  it('acts 100 ms after the request, and reserves the larger of both until then', () => {
    const buffer = new BoundedBuffer({ size: 30_000 });
    buffer.request(300_000);
    expect(buffer.reserved).toBe(300_000);
    expect(buffer.advance(burst(200, 50)).rejected).toBe(180);
    expect(buffer.advance(burst(200, 150)).rejected).toBe(0);
    buffer.request(60_000);
    expect(buffer.reserved).toBe(300_000);
    expect(buffer.advance(burst(200, 299)).rejected).toBe(0);
    // 190 packets or so are still queued beyond the limit.
    expect(buffer.reserved).toBeGreaterThan(200_000);
    buffer.advance(quiet);
    expect(buffer.reserved).toBe(60_000);
    expect(buffer.totals().changes).toBe(2);
  });

  it('reserves size x time over the largest size, and counts from when it is told', () => {
    const buffer = new BoundedBuffer({ size: sizeMax / 2 });
    buffer.advance(burst(50, 0));
    buffer.request(sizeMax / 4);
    buffer.advance(quiet);
    buffer.startCounting();
    for (let period = 0; period < 10; period++) buffer.advance(quiet);
    const { reservedOverPeak, ...counts } = buffer.totals();
    expect(reservedOverPeak).toBeCloseTo(0.25, 12);
    expect(counts).toMatchObject({ arrived: 0, served: 0, rejected: 0, changes: 0 });
    expect(counts.elapsedSeconds).toBe(1);
  });

  it('loses no packet and keeps its bounds under any sequence of sizes', () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: -1e5, max: 4e6 }), fc.nat(60)), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(moves, fc.nat(), (list, seed) => {
        const random = new SeededRandom(seed);
        const arrivals = new Uint32Array(list.length * 100);
        list.forEach(([, most], period) => {
          for (let ms = 0; ms < 100; ms++) arrivals[period * 100 + ms] = random.integer(most + 1);
        });
        const buffer = new BoundedBuffer({ size: 200_000 });
        let [arrived, rejected] = [0, 0];
        for (const [size] of list) {
          buffer.request(size);
          const inForce = buffer.reserved;
          const reading = buffer.advance(arrivals);
          arrived += reading.arrived;
          rejected += reading.rejected;
          expect(reading.size).toBe(Math.min(sizeMax, Math.max(sizeMin, size)));
          expect(reading.need - reading.dropped).toBeLessThanOrEqual(inForce);
          expect(buffer.reserved).toBeGreaterThanOrEqual(reading.size);
          expect(buffer.reserved).toBeLessThanOrEqual(sizeMax);
        }
        const totals = buffer.totals();
        expect(totals).toMatchObject({ arrived, rejected });
        expect(totals.served + totals.rejected + buffer.inSystem).toBe(arrived);
      }),
    );
  });
});

describe('scaledPackets', () => {
  it('brings every file to 0.3 of the drain without losing the shape', () => {
    const packets = Uint32Array.from({ length: 60_000 }, (_, ms) => (ms % 100 === 0 ? 7 : 0));
    const scaled = scaledPackets(packets);
    expect(scaled.reduce((sum, one) => sum + one, 0)).toBe(0.3 * 500_000);
    expect(scaled.every((count, ms) => count === (ms % 100 === 0 ? 250 : 0))).toBe(true);
    expect(scaledPackets(packets, 0.2).reduce((sum, one) => sum + one, 0)).toBe(100_000);
    expect(() => scaledPackets([0, 0])).toThrow(/without a packet/);
  });
});
