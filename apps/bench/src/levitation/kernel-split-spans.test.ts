import { expect, it } from 'vitest';
import { kernelSplitTrace } from './kernel-split-conditions.ts';
import { countedParts, isCounted } from './kernel-split-spans.ts';
import { countedBursts } from './shared-memory-trace.ts';

const trace = kernelSplitTrace({ seed: 1 });

it('each queue counts bursts, all of them together enough for a ratio', () => {
  const { spans, bursts, voidBursts } = countedParts(trace, []);
  expect(bursts).toBeGreaterThanOrEqual(30);
  expect(bursts).toBeLessThanOrEqual(countedBursts(trace));
  expect(voidBursts).toBe(0);
  for (const [queue, own] of spans.entries()) {
    const counted = trace.plans[queue]?.bursts.filter(({ timeMs }) => isCounted(own, timeMs));
    expect(counted?.length).toBeGreaterThanOrEqual(2);
  }
});

it('what surrounds a burst that left late does not count, nor does the burst', () => {
  const all = countedParts(trace, []);
  const late = trace.plans[3]?.bursts.at(-2);
  if (late === undefined) throw new Error('a queue has bursts');
  const { spans, bursts, voidBursts } = countedParts(trace, [{ atMs: late.timeMs, lateMs: 51 }]);
  expect(bursts + voidBursts).toBe(all.bursts);
  expect(voidBursts).toBeGreaterThanOrEqual(1);
  expect(spans[3]).toHaveLength(2);
  expect(isCounted(spans[3] ?? [], late.timeMs + 100)).toBe(false);
  expect(isCounted(spans[3] ?? [], late.timeMs - 100)).toBe(true);
  expect(isCounted(spans[3] ?? [], late.timeMs + late.durationMs + 500)).toBe(true);
  expect(countedParts(trace, [{ atMs: late.timeMs, lateMs: 49 }])).toEqual(all);
});
