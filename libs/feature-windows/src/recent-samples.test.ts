import { expect, it } from 'vitest';
import { RecentSamples } from './recent-samples.ts';
import type { NumberedSample } from './series-numbers.ts';

function numbered(number: number): NumberedSample {
  return {
    name: `n${number}`,
    value: Buffer.from(`v${number}`),
    number,
    id: '',
    isUnanswered: false,
  };
}

function numbersIn(recent: RecentSamples): number[] {
  return recent.all().map(({ number }) => number);
}

it('holds what is no older than its span, counted from the newest', () => {
  const recent = new RecentSamples({ ms: 10, samplesMax: 100 });
  for (let ms = 0; ms <= 35; ms += 1) recent.add([numbered(ms)], ms);
  expect(numbersIn(recent)).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
});

it('holds no more than its bound', () => {
  const recent = new RecentSamples({ ms: 1000, samplesMax: 3 });
  for (const numbers of [[1], [2, 3], [4], [5]]) recent.add(numbers.map(numbered), 0);
  expect(numbersIn(recent)).toEqual([4, 5]);
});

it('gives samples as they were', () => {
  const recent = new RecentSamples({ ms: 1000, samplesMax: 10 });
  const samples = [7, 123, 9].map(numbered);
  recent.add(samples, 0);
  recent.add([], 0);
  expect(recent.all()).toEqual(samples);
});
