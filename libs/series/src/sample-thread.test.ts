import { expect, it } from 'vitest';
import { SampleThread } from './sample-thread.ts';

function placesOf(steps: [timeS: number, intervalS: number][]): string[] {
  const thread = new SampleThread();
  return steps.map(([timeS, intervalS]) =>
    thread.place({ timeUnixMs: 1e12 + timeS * 1000, intervalMs: intervalS * 1000 }),
  );
}

it('a minute without a sample breaks the thread of a fast source', () => {
  expect(
    placesOf([
      [0, 0.1],
      [60, 0.1],
      [121, 0.1],
    ]),
  ).toEqual(['next', 'next', 'restart']);
});

it('a source that measures once a minute may be a little late, and miss one', () => {
  const steps: [number, number][] = [
    [0, 60],
    [60.2, 60],
    [180.1, 60],
    [361, 60],
  ];
  expect(placesOf(steps)).toEqual(['next', 'next', 'next', 'restart']);
});

it('a late sample is stale, many in a row are a clock that was set back', () => {
  const back = Array.from({ length: 20 }, (_, step): [number, number] => [step / 10 - 30, 0.1]);
  const places = placesOf([[0, 0.1], ...back]);
  expect(places.slice(1, 20)).toEqual(Array(19).fill('stale'));
  expect(places.at(-1)).toBe('restart');
});
