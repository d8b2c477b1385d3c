import { describe, expect, it } from 'vitest';
import { playLane } from './lane.ts';

describe('playLane', () => {
  it('counts what comes after the part that is not counted, and what was reserved', async () => {
    const sizes = [4, 4, 6, 6, 5];
    const open = [4, 4, 4, 6, 6];
    let looks = 0;
    const over = Promise.withResolvers<void>();
    const totals = await playLane({
      atMs: [0, 10, 20, 30],
      countedFromMs: 10,
      async load() {
        await over.promise;
        const delayMs = Float64Array.of(900, 5, Number.NaN, 7);
        const lagMs = Float64Array.of(80, 1, 3, 2);
        return { delayMs, served: 3, rejected: 1, failed: 0, lagMs };
      },
      look() {
        const index = Math.min(looks++, 4);
        if (looks === 5) over.resolve();
        return { size: sizes[index] as number, open: open[index] as number };
      },
    });
    expect(totals).toMatchObject({ arrived: 3, served: 2, rejected: 1, delayP99S: 0.007 });
    expect(totals).toMatchObject({ changes: 2, lagMsP99: 3 });
    expect(totals.reserved).toBeGreaterThan(4);
    expect(totals.reserved).toBeLessThan(6);
  });
});
