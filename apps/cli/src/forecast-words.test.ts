import type { predictor } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { forecastWords } from './forecast-words.ts';

const forecast = { madeUnixMs: 1_000, confidence: 0.974, timeToBurstSeconds: 2, abstained: [] };
const words = (of: object, nowUnixMs = 1_000) =>
  forecastWords({ ...forecast, ...of } as unknown as predictor.BurstForecast, nowUnixMs);

it('a burst is told with the time that is left until it, and how sure it is', () => {
  expect(words({ burstPredicted: true })).toBe('burst in 2.0 s (97 %)');
  expect(words({ burstPredicted: true }, 1_500)).toBe('burst in 1.5 s (97 %)');
  expect(words({ burstPredicted: true }, 3_100)).toBe('burst due now (97 %)');
});

it('no burst is told with the reason, a reason nobody knows as it is', () => {
  expect(words({ abstained: ['untrusted'] })).toBe('no burst: not trusted yet');
  expect(words({ abstained: ['eclipse'] })).toBe('no burst: eclipse');
  expect(words({})).toBe('no burst');
});
