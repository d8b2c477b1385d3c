import { planTraffic } from '@levitate/traffic';
import { expect, it } from 'vitest';
import { planSource } from './plan-source.ts';

const plan = planTraffic({ kind: 'periodic', seed: 7, durationMs: 4_000, warmupMs: 1_000 });

it('the same packets come out however the time is cut, and none after the end', () => {
  const whole = planSource(plan).next(5_000);
  const source = planSource(plan);
  const parts = [1_000, 300, 700, 3_000].map((steps) => [...source.next(steps)]);
  expect(parts.flat()).toEqual([...whole]);
  expect(whole.subarray(0, 4_000).some((packets) => packets > 0)).toBe(true);
  expect(whole.subarray(4_000).every((packets) => packets === 0)).toBe(true);
});
