import { expect, it } from 'vitest';
import { RequestRate } from './request-rate.ts';

function rateAt(): { rate: RequestRate; at: (ms: number) => void } {
  let nowMs = 0;
  const rate = new RequestRate(() => nowMs);
  return {
    rate,
    at(ms) {
      nowMs = ms;
    },
  };
}

it('is the mean of the last five seconds', () => {
  const { rate, at } = rateAt();
  for (let ms = 0; ms < 20_000; ms += 100) {
    at(ms);
    rate.add(2);
  }
  expect(rate.add(0)).toBeCloseTo(20, 0);
});

it('forgets what is older, and grows only as fast as requests come', () => {
  const { rate, at } = rateAt();
  at(1_000);
  expect(rate.add(100)).toBe(20);
  at(5_400);
  expect(rate.add(0)).toBe(20);
  at(6_500);
  expect(rate.add(1)).toBe(0.2);
});

it('does not count what came in a time that is still to come', () => {
  const { rate, at } = rateAt();
  at(60_000);
  rate.add(500);
  at(1_000);
  expect(rate.add(1)).toBe(0.2);
});
