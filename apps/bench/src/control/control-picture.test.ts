import { expect, it } from 'vitest';
import { exampleOption, gainOption } from './control-picture.ts';

it('the picture of gains shows each with its interval and its bar', () => {
  const gains = [
    { resource: 'buffer', gain: 0.123, low: 0.04, high: 0.2, bar: 0.1 },
    { resource: 'memory', gain: 0.4, low: 0.35, high: 0.45, bar: 0.3 },
  ];
  const series = gainOption(gains).series as { type: string; data: unknown }[];
  expect(series.map(({ type }) => type)).toEqual(['bar', 'line', 'line', 'line']);
  expect(series.map(({ data }) => data)).toEqual([
    [12.3, 40],
    [10, 30],
    [
      [0, 4],
      [0, 20],
    ],
    [
      [1, 35],
      [1, 45],
    ],
  ]);
});

it('the picture of a trial has a point a second for need, ours and the tuned static', () => {
  const trial = { title: 'x', everyS: 1, need: [1, 2], ours: [3, 3], tuned: [4, 4] };
  const series = exampleOption(trial).series as { name: string; data: unknown }[];
  expect(series.map(({ name }) => name)).toEqual(['need', 'tuned static', 'ours']);
  expect(series[0]?.data).toEqual([
    [0, 1],
    [1, 2],
  ]);
});
