import { describe, expect, it } from 'vitest';
import type { LinkSecond } from './link-seconds.ts';
import {
  alwaysOn,
  levelPersistence,
  linearAlarm,
  recencyPersistence,
  seasonalNaiveAlarm,
} from './simple-alarms.ts';

const second = (at: number, more: Partial<LinkSecond> = {}): LinkSecond => ({
  atMs: at * 1000,
  peak: 1e6,
  mean: 1e6,
  baseline: 1e6,
  inBurst: false,
  lastOnsetsMs: [],
  ...more,
});

describe('the baselines', () => {
  it('always on names the middle of the horizon every second', () => {
    expect(alwaysOn([second(1), second(2)]).map(({ tauMs }) => tauMs)).toEqual([6000, 7000]);
  });

  it('recency is on for ten seconds after an onset', () => {
    const seconds = [12, 13].map((at) => second(at, { lastOnsetsMs: [2000] }));
    expect(recencyPersistence(seconds).map(({ tauMs }) => tauMs)).toEqual([17_000, undefined]);
  });

  it('level is on while the rate is up outside a burst', () => {
    const seconds = [
      second(1),
      second(2, { mean: 1.5e6 }),
      second(3, { mean: 9e6, inBurst: true }),
    ];
    expect(levelPersistence(seconds).map(({ tauMs }) => tauMs !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('seasonal-naive repeats the last interval within the horizon', () => {
    const lastOnsetsMs = [5000, 25_000];
    const [far, near] = seasonalNaiveAlarm([
      second(30, { lastOnsetsMs }),
      second(36, { lastOnsetsMs }),
    ]);
    expect([far?.tauMs, near?.tauMs]).toEqual([undefined, 45_000]);
  });

  it('linear is silent on a level that does not move', () => {
    const seconds = Array.from({ length: 120 }, (_, at) => second(at));
    expect(linearAlarm(seconds).every(({ tauMs }) => tauMs === undefined)).toBe(true);
  });
});
