import { type ResourceType, resourceTypes } from '@levitate/control';
import { describe, expect, it } from 'vitest';
import { TrialDraw } from '../trial-draw.ts';
import { gainOfPairs, measureRealRuns, type RealPair, type RealSystem } from './runs.ts';
import { simulatedBalancers } from './simulated-pair.ts';
import { realTrialOf } from './trial.ts';

const quiet = { signal: new AbortController().signal, progress: () => {} };
const groups = [['threadpool', 'connectionpool'], ['buffer']] as const;
const none = Object.fromEntries(resourceTypes.map((type) => [type, 'not on this machine']));

function measured(systems: Partial<Record<ResourceType, RealSystem>>) {
  const all = { ...none, ...systems } as Record<ResourceType, RealSystem | string>;
  return measureRealRuns({ ...quiet, groups, systems: all });
}

/** Pairs that come to what is told, one after the other. */
function playing(atOnce: number, pair: (run: number) => RealPair): RealSystem {
  return {
    atOnce,
    play: (runs) => Promise.allSettled(runs.map(async (run) => pair(run))),
    [Symbol.asyncDispose]: async () => {},
  };
}

describe('measureRealRuns', () => {
  it('plays thirty pairs, void ones again, and gives gain and lower end', async () => {
    const runs: number[] = [];
    const threadpool = playing(4, (run) => {
      runs.push(run);
      if (run === 7) throw new Error('lost');
      return { cost: 80 + (run % 2), otherCost: 100 };
    });
    const { metrics, notMeasured, baseline } = await measured({ threadpool });
    expect(runs).toEqual(Array.from({ length: 31 }, (_, run) => run));
    expect(metrics.threadpool_real_gain).toBeCloseTo(0.195, 3);
    expect(metrics.threadpool_real_gain_low).toBeGreaterThan(0.19);
    expect(metrics.threadpool_real_gain_n).toBe(30);
    expect(baseline).not.toHaveProperty('threadpool_real_gain_simulated');
    expect(notMeasured.buffer_real_gain).toBe('not on this machine');
    expect(notMeasured.memory_real_gain).toMatch(/in no group/);
  });

  it('plays those of a group side by side, and states what was simulated', async () => {
    const order: string[] = [];
    const named = (name: string) =>
      playing(30, () => {
        if (order.at(-1) !== name) order.push(name);
        return { cost: 1, otherCost: 2, simulated: { cost: 3, otherCost: 4 } };
      });
    const systems = {
      buffer: named('buffer'),
      threadpool: named('threadpool'),
      connectionpool: named('connectionpool'),
    };
    const { metrics, baseline } = await measured(systems);
    expect(order).toEqual(['threadpool', 'connectionpool', 'buffer']);
    expect(metrics.buffer_real_gain).toBe(0.5);
    expect(baseline.buffer_real_gain_simulated).toEqual({ gain: 0.25, low: 0.25 });
  });

  it('says why a system gave nothing', async () => {
    const threadpool = playing(1, () => {
      throw new Error('no haproxy here');
    });
    const { metrics, notMeasured } = await measured({ threadpool });
    expect(metrics).toEqual({});
    expect(notMeasured.threadpool_real_gain_n).toMatch(/failed: no haproxy here/);
    const play = () => Promise.reject(new Error('no lab here'));
    const buffer = { ...playing(6, () => ({ cost: 1, otherCost: 1 })), play };
    const whole = await measured({ buffer });
    expect(whole.notMeasured.buffer_real_gain).toMatch(/failed: no lab here/);
  });
});

it('gainOfPairs is surer of pairs whose costs rise and fall together', () => {
  const pairs = [1, 2, 3, 4].map((cost) => ({ cost, otherCost: 2 * cost }));
  expect(gainOfPairs(pairs)).toEqual({ gain: 0.5, low: 0.5 });
  const apart = [1, 4, 3, 2].map((cost, at) => ({ cost, otherCost: 2 * (at + 1) }));
  expect(gainOfPairs(apart).low).toBeLessThan(0.4);
});

it('realTrialOf cuts a minute and its warm-up out of a trial, slowdowns of servers with it', () => {
  const dataDirectory = new URL('../../../data', import.meta.url).pathname;
  const draw = new TrialDraw({ dataDirectory, seed: 1 });
  const trials = Array.from({ length: 12 }, (_, index) =>
    realTrialOf(
      { resource: 'loadbalancer', kind: 'requests-1s-autothrottle', part: 'test', index },
      { draw, tunedSize: 900 },
    ),
  );
  for (const trial of trials) {
    const { arrivals, slowdowns, recentPerSecondMax } = trial;
    expect(arrivals.atMs.every((atMs) => atMs >= 0 && atMs < 80_000)).toBe(true);
    expect(arrivals.work.length).toBe(arrivals.atMs.length);
    expect(recentPerSecondMax).toBeGreaterThan(arrivals.atMs.length / 80);
    expect(slowdowns).toHaveLength(8);
    for (const { fromMs, toMs, factor } of slowdowns) {
      expect(fromMs.every((ms, index) => ms >= 0 && ms < (toMs[index] as number))).toBe(true);
      expect(factor.every((speed) => speed > 0)).toBe(true);
    }
    // What a policy reserves is the least it can cost: two of 700, all 1,000.
    const start = 300;
    const { cost, otherCost } = simulatedBalancers({ ...trial, tunedSize: 1_200 }, start);
    expect(otherCost).toBeGreaterThan(1);
    expect(cost).toBeGreaterThan(0.2);
  }
  expect(trials.some(({ slowdowns }) => slowdowns.some(({ fromMs }) => fromMs.length > 0))).toBe(
    true,
  );
});
