import { expect, it } from 'vitest';
import { oraclePolicy } from './oracle-policy.ts';

it('oraclePolicy asks every 6 s for the largest need of the next 15 s', () => {
  const needs = Float64Array.from({ length: 400 }, (_, period) => (period === 200 ? 50 : 7));
  const policy = oraclePolicy({ needs, share: 0.9 });
  const asked = Array.from({ length: 400 }, (_, period) => {
    const nowMs = (period + 1) * 100;
    const counts = { arrived: 0, served: 0, rejected: 0, need: 0, dropped: 0 };
    const size = policy({
      ...counts,
      nowMs,
      intervalMs: 100,
      size: 9,
      requested: 9,
      delaySecondsMax: 0,
    });
    return { nowMs, size };
  }).filter(({ size }) => size !== undefined);
  // Need 200 is that of 20.0-20.1 s: seen at 6.1, 12.1 and 18.1 s, gone at 24.1 s.
  expect(asked.map(({ nowMs }) => nowMs)).toEqual([100, 6100, 12100, 18100, 24100, 30100, 36100]);
  expect(asked.map(({ size }) => size)).toEqual([6.3, 45, 45, 45, 6.3, 6.3, 6.3]);
});
