import { byLimits, SharedMemory } from '@levitate/queueing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryClaim, shareMemory } from './shared-memory.ts';

const MEMORY = { memoryBytes: 1_000_000, nowUnixMs: 50_000 };

function claim(askedBytes: number, more: Partial<MemoryClaim> = {}): MemoryClaim {
  return { limitBytes: 0, queuedBytes: 0, floorBytes: 50_000, askedBytes, ...more };
}

function burst(onsetUnixMs: number, more: { endUnixMs?: number; confidence?: number } = {}) {
  return {
    announced: { onsetUnixMs, endUnixMs: Number.POSITIVE_INFINITY, confidence: 1, ...more },
  };
}

describe('shareMemory', () => {
  it('gives everybody what they ask where there is enough, and keeps the rest', () => {
    const claims = [claim(300_000), claim(100_000), claim(50_000)];
    expect(shareMemory(claims, MEMORY)).toEqual([300_000, 100_000, 50_000]);
  });

  it('scales what the law asks beyond the floors down in proportion', () => {
    const claims = [claim(850_000), claim(450_000)];
    // 900,000 beyond the floors for 1,200,000 asked.
    expect(shareMemory(claims, MEMORY)).toEqual([650_000, 350_000]);
  });

  it.each([
    ['an announced burst before what the law asks', burst(52_000), {}, [900_000, 100_000]],
    ['the nearer of two bursts', burst(51_000), burst(52_000), [900_000, 100_000]],
    [
      'the surer of two as near',
      burst(52_000, { confidence: 0.96 }),
      burst(52_000, { confidence: 0.99 }),
      [100_000, 900_000],
    ],
    [
      'one to come before one that should be over',
      burst(49_000, { endUnixMs: 49_500 }),
      burst(52_000),
      [100_000, 900_000],
    ],
  ])('serves %s first', (_, one, other, expected) => {
    const claims = [claim(900_000, one), claim(900_000, other)];
    expect(shareMemory(claims, MEMORY)).toEqual(expected);
  });

  it('raises nobody before room is free: falls in one call, rises in the next', () => {
    const full = claim(50_000, { limitBytes: 950_000, queuedBytes: 400_000 });
    const waiting = claim(900_000, { limitBytes: 50_000, ...burst(51_000) });
    expect(shareMemory([full, waiting], MEMORY)).toEqual([50_000, 50_000]);
    // The fall is confirmed; what is queued beyond it still takes its room.
    const fallen = { ...full, limitBytes: 50_000 };
    expect(shareMemory([fallen, waiting], MEMORY)).toEqual([50_000, 600_000]);
    const drained = { ...fallen, queuedBytes: 0 };
    expect(shareMemory([drained, waiting], MEMORY)).toEqual([50_000, 900_000]);
  });

  it('raises nobody while packets beyond a limit that fell exceed the memory', () => {
    // It filled before its fall, which a sample told too late: the room has been given away.
    const filled = claim(900_000, { limitBytes: 100_000, queuedBytes: 700_000 });
    const risen = claim(100_000, { limitBytes: 850_000 });
    expect(shareMemory([filled, risen], MEMORY)).toEqual([100_000, 100_000]);
    // The fall is confirmed: there is room for what it holds, and more.
    const fallen = { ...risen, limitBytes: 100_000 };
    expect(shareMemory([filled, fallen], MEMORY)).toEqual([900_000, 100_000]);
  });

  it('leaves a limit where it is for less than 5 %, but for its floor', () => {
    expect(shareMemory([claim(104_000, { limitBytes: 100_000 })], MEMORY)).toEqual([100_000]);
    expect(shareMemory([claim(96_000, { limitBytes: 100_000 })], MEMORY)).toEqual([100_000]);
    expect(shareMemory([claim(50_000, { limitBytes: 49_000 })], MEMORY)).toEqual([50_000]);
  });

  it('lets a latency budget below the floor win', () => {
    expect(shareMemory([claim(20_000, { limitBytes: 50_000 })], MEMORY)).toEqual([20_000]);
  });

  it('refuses floors that do not fit', () => {
    expect(() => shareMemory([claim(0, { floorBytes: 2_000_000 })], MEMORY)).toThrow(/floors/);
  });
});

describe('a memory that limits share', () => {
  const asks = fc.record({
    askedBytes: fc.integer({ min: 30_000, max: 1_000_000 }),
    inS: fc.option(fc.integer({ min: -2, max: 9 }), { nil: undefined }),
    packets: fc.nat(150),
  });
  const ticks = fc.array(fc.tuple(asks, asks, asks), { minLength: 1, maxLength: 40 });

  it('is never given away twice, by limits and packets together, and keeps every floor', () => {
    fc.assert(
      fc.property(ticks, (train) => {
        const queues = ['a', 'b', 'c'].map((link) => ({ link, drainBytesPerSecond: 4e6 }));
        const { memoryBytes } = MEMORY;
        const memory = new SharedMemory({ queues, memoryBytes, admission: byLimits });
        memory.setLimits([50_000, 50_000, 50_000]);
        train.forEach((tick, index) => {
          for (let ms = 0; ms < 5; ms++) memory.step(tick.map(({ packets }) => packets));
          const nowUnixMs = 1000 * index;
          const claims = tick.map(({ askedBytes, inS }, queue) => ({
            ...claim(askedBytes, inS === undefined ? {} : burst(nowUnixMs + 1000 * inS)),
            limitBytes: memory.limitBytes[queue] as number,
            queuedBytes: memory.queuedBytes[queue] as number,
          }));
          const limits = shareMemory(claims, { memoryBytes, nowUnixMs });
          expect(limits).toEqual(shareMemory(claims, { memoryBytes, nowUnixMs }));
          memory.setLimits(limits);
          const held = limits.map((bytes, queue) =>
            Math.max(bytes, memory.queuedBytes[queue] as number),
          );
          expect(sumOf(held)).toBeLessThanOrEqual(memoryBytes * (1 + 1e-9));
          limits.forEach((bytes, queue) => {
            const { askedBytes, limitBytes } = claims[queue] as MemoryClaim;
            expect(bytes).toBeGreaterThanOrEqual(Math.min(50_000, askedBytes, limitBytes));
            // Nobody is given more than was asked, but for what is too little to take back.
            expect(bytes).toBeLessThanOrEqual(Math.max(askedBytes, limitBytes));
          });
        });
      }),
    );
  });
});

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
