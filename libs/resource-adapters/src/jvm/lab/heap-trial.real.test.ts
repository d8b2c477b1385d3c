import { realJvm } from '@levitate/testing';
import { expect } from 'vitest';
import { runHeapTrial } from './heap-trial.ts';
import { compileLoad, type HeapLoad } from './load-jvm.ts';

const mib = 2 ** 20;
const load: HeapLoad = {
  seed: 7,
  baseBytes: 20e6,
  requestBytes: 400_000,
  heldBytes: 40_000,
  heldMs: 500,
  tickMs: 500,
  warmTicks: 2,
  rates: [50, 50, 100, 100, 100, 50],
};

realJvm.describe('a trial of a real heap', () => {
  realJvm.it('plays the same load on one that is ruled and on one of fixed size', async () => {
    await using compiled = await compileLoad();
    const bounds = { compiled, load, minBytes: 48 * mib, maxBytes: 256 * mib };
    const [ruled, fixed] = await Promise.all([
      runHeapTrial(bounds),
      runHeapTrial({ ...bounds, staticBytes: 128 * mib }),
    ]);
    expect(ruled.arrived).toBeGreaterThan(100);
    expect(fixed.arrived).toBe(ruled.arrived);
    expect(fixed.committedBytes).toBe(128 * mib);
    expect(fixed.changes).toBe(0);
    expect(ruled.committedBytes).toBeLessThanOrEqual(256 * mib);
    expect(ruled.needBytes).toBeGreaterThan(load.baseBytes);
    expect(ruled.delayMsP99).toBeGreaterThan(0);
    expect(ruled.elapsedS).toBeGreaterThan(1);
    expect(ruled.collectorCpuS).toBeGreaterThanOrEqual(0);
    // A heap that has no room for what it holds from before.
    const filled = { ...load, ratePerSecondBefore: 2_000, rates: [10, 10], warmTicks: 1 };
    const tight = await runHeapTrial({ ...bounds, load: filled, staticBytes: 48 * mib });
    expect(tight).toMatchObject({ arrived: 5, rejected: 5 });
    // One that is ended early leaves nothing behind.
    const trial = runHeapTrial({ ...bounds, signal: AbortSignal.timeout(1) });
    await expect(trial).rejects.toThrow(/has ended, or takes too long/);
  });
});
