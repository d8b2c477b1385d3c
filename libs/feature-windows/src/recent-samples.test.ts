import { expect, it } from 'vitest';
import { RecentSamples } from './recent-samples.ts';

it('holds what is no older than its span, counted from the newest', () => {
  const recent = new RecentSamples<number>({ ms: 10, samplesMax: 100 });
  for (let ms = 0; ms <= 35; ms += 1) recent.add(ms, ms);
  expect(recent.all()).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
});

it('holds no more than its bound', () => {
  const recent = new RecentSamples<number>({ ms: 1000, samplesMax: 3 });
  for (const item of [1, 2, 3, 4, 5]) recent.add(item, 0);
  expect(recent.all()).toEqual([3, 4, 5]);
});
