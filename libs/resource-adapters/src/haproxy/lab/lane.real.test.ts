import { SeededRandom } from '@levitate/clock';
import { drawArrivals } from '@levitate/queueing';
import { realHaproxy } from '@levitate/testing';
import { expect, onTestFinished } from 'vitest';
import { RuntimeApi } from '../runtime-api.ts';
import { HaproxyLab, playLane } from './index.ts';

realHaproxy.it(
  'a lane tells what became of its requests, what was reserved and changed',
  async () => {
    const servers = [200, 100].map((ratePerSecond) => ({
      ratePerSecond,
      weight: ratePerSecond / 2,
    }));
    const lab = await HaproxyLab.start({ servers, program: realHaproxy.path });
    onTestFinished(() => lab.stop());
    const arrivals = drawArrivals([50, 50], new SeededRandom(1));
    // A server that stands still, with all that comes: nobody is served in time.
    const speedChanges = [{ atMs: 1_000, server: 0, speed: 0.001 }];
    const api = new RuntimeApi(lab.source);
    await api.setWeights(lab.backend, [['s2', 0]], AbortSignal.timeout(2_000));
    const totals = await playLane({
      lab,
      arrivals,
      speedChanges,
      perWeight: 2,
      peakPerSecond: 100,
    });
    expect(totals.arrived).toBe(arrivals.atMs.length);
    expect(totals.served + totals.rejected).toBe(totals.arrived);
    expect(totals.served).toBeGreaterThan(0);
    expect(totals.rejected).toBeGreaterThan(0);
    expect(totals.lagMsP99).toBeGreaterThanOrEqual(0);
    expect(totals).toMatchObject({ reservedOverPeak: expect.closeTo(2, 2), changes: 0 });
  },
);
