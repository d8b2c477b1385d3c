import { describe, expect, it } from 'vitest';
import { gainOfPairs, measureRealRuns, type RealSystem } from './real-runs.ts';
import { type RealTrial, realTrialOf } from './real-trial.ts';
import { TrialDraw } from './trial-draw.ts';

const trial: RealTrial = {
  arrivals: { atMs: new Float64Array(0), work: new Float64Array(0) },
  countedFromMs: 0,
  recentPerSecondMax: 0,
  tunedSize: 1,
  speedChanges: [],
};
const quiet = { signal: new AbortController().signal, progress: () => {} };

function measured(system: RealSystem, found: RealTrial | undefined = trial) {
  return measureRealRuns({ ...quiet, systems: { threadpool: system }, trialOf: () => found });
}

describe('measureRealRuns', () => {
  it('plays thirty pairs, void ones again, and gives gain and lower end', async () => {
    let playing = 0;
    let most = 0;
    let runs = 0;
    let calls = 0;
    const { metrics, notMeasured } = await measured({
      atOnce: 4,
      play: async () => {
        most = Math.max(most, ++playing);
        await Promise.resolve();
        playing--;
        if (calls++ === 7) throw new Error('lost');
        return { cost: 80 + (runs++ % 2), otherCost: 100 };
      },
    });
    expect({ runs, most, calls }).toEqual({ runs: 30, most: 4, calls: 31 });
    expect(metrics.threadpool_real_gain).toBeCloseTo(0.195, 9);
    expect(metrics.threadpool_real_gain_low).toBeGreaterThan(0.19);
    expect(metrics.threadpool_real_gain_n).toBe(30);
    expect(notMeasured.memory_real_gain).toMatch(/no real system/);
  });

  it('says why a system gave nothing', async () => {
    const failing = { atOnce: 1, play: () => Promise.reject(new Error('no haproxy here')) };
    const { metrics, notMeasured } = await measured(failing);
    expect(metrics).toEqual({});
    expect(notMeasured.threadpool_real_gain_n).toMatch(/failed: no haproxy here/);
    const play = () => Promise.resolve({ cost: 1, otherCost: 1 });
    const systems = { threadpool: { atOnce: 1, play } };
    const none = await measureRealRuns({ ...quiet, systems, trialOf: () => undefined });
    expect(none.notMeasured.threadpool_real_gain).toMatch(/no trace files/);
  });
});

it('gainOfPairs is surer of pairs whose costs rise and fall together', () => {
  const pairs = [1, 2, 3, 4].map((cost) => ({ cost, otherCost: 2 * cost }));
  expect(gainOfPairs(pairs)).toEqual({ gain: 0.5, low: 0.5 });
  const apart = [1, 4, 3, 2].map((cost, at) => ({ cost, otherCost: 2 * (at + 1) }));
  expect(gainOfPairs(apart).low).toBeLessThan(0.4);
});

it('realTrialOf cuts a minute and its warm-up out of a trial, slowdowns of servers with it', () => {
  const dataDirectory = new URL('../../data', import.meta.url).pathname;
  const draw = new TrialDraw({ dataDirectory, seed: 1 });
  const trials = Array.from({ length: 12 }, (_, index) =>
    realTrialOf(
      { resource: 'loadbalancer', kind: 'requests-1s-autothrottle', part: 'test', index },
      { draw, tunedSize: 900 },
    ),
  );
  for (const { arrivals, speedChanges, recentPerSecondMax } of trials) {
    expect(arrivals.atMs.every((atMs) => atMs >= 0 && atMs < 80_000)).toBe(true);
    expect(arrivals.work.length).toBe(arrivals.atMs.length);
    expect(recentPerSecondMax).toBeGreaterThan(arrivals.atMs.length / 80);
    for (const { atMs, speed } of speedChanges) {
      expect(atMs).toBeGreaterThanOrEqual(0);
      expect(speed).toBeGreaterThan(0);
    }
  }
  expect(trials.some(({ speedChanges }) => speedChanges.length > 0)).toBe(true);
});
