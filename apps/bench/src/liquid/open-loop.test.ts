import { expect, it } from 'vitest';
import { openLoop, quantileOf } from './open-loop.ts';

it('counts errors apart from answers, and who answered', async () => {
  const reading = await openLoop({
    count: 10,
    ratePerSecond: 1e4,
    signal: new AbortController().signal,
    send: async (index) => {
      if (index % 5 === 0) throw new Error(`no ${index}`);
      return index < 5 ? 6 : 2;
    },
  });
  expect(reading).toMatchObject({ sent: 10, errors: 2, firstError: 'no 0', members: [2, 6] });
  expect(reading.latenciesMs).toHaveLength(8);
});

it('counts time from when a request was due, not from when it was sent', async () => {
  const reading = await openLoop({
    count: 2,
    ratePerSecond: 1e6,
    signal: new AbortController().signal,
    send: async (index) => {
      const untilMs = performance.now() + (index === 0 ? 20 : 0);
      while (performance.now() < untilMs);
      return 1;
    },
  });
  expect(reading.latenciesMs[0]).toBeGreaterThan(15);
});

it.each([
  [[], 0.5, undefined],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.95, 4],
])('quantileOf(%j, %d) is %s', (values, q, expected) => {
  expect(quantileOf(values, q)).toBe(expected);
});
