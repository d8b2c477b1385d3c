import { describe, expect, it, onTestFinished } from 'vitest';
import { measureRealRuns, realSystems } from './real-runs.ts';

function withThreadpool(pairs: { cost: number; otherCost: number }[]) {
  realSystems.threadpool = async () => ({ resource: 'threadpool', pairs });
  onTestFinished(() => {
    delete realSystems.threadpool;
  });
}

describe('measureRealRuns', () => {
  it('gives the mean of the runs and its lower end', async () => {
    withThreadpool(
      Array.from({ length: 30 }, (_, run) => ({ cost: 80 + (run % 2), otherCost: 100 })),
    );
    const { metrics, notMeasured } = await measureRealRuns();
    expect(metrics.threadpool_real_gain).toBeCloseTo(0.195, 9);
    expect(metrics.threadpool_real_gain_low).toBeGreaterThan(0.19);
    expect(metrics.threadpool_real_gain_n).toBe(30);
    expect(Object.keys(notMeasured)).not.toContain('threadpool_real_gain');
  });

  it('says nothing of a few runs, nor of a system that is not there', async () => {
    withThreadpool([{ cost: 1, otherCost: 2 }]);
    const { metrics, notMeasured } = await measureRealRuns();
    expect(metrics).toEqual({ threadpool_real_gain_n: 1 });
    expect(notMeasured.threadpool_real_gain).toMatch(/1 runs, fewer than 30/);
    expect(notMeasured.memory_real_gain).toMatch(/no real system/);
  });
});
