import { expect, it } from 'vitest';
import { entriesBetween } from './redis-entry.ts';
import { SeriesNumbers } from './series-numbers.ts';

function next(numbers: SeriesNumbers, name = 'a', unixMs = 5000.7) {
  return numbers.next(name, { value: Buffer.from(name), unixMs });
}

it('each name counts from 1 in the epoch in which it began', () => {
  const numbers = new SeriesNumbers();
  const ids = [next(numbers), next(numbers, 'a', 9000), next(numbers, 'b', 9000)].map((one) =>
    numbers.idOf(one),
  );
  expect(ids).toEqual(['5000-1', '5000-2', '9000-1']);
});

it('a stream that is ahead begins an epoch beyond it, in which numbers begin anew', () => {
  const numbers = new SeriesNumbers();
  const [first, second, third] = [next(numbers), next(numbers), next(numbers)];
  numbers.beginEpoch(second, { afterMs: 7000, unixMs: 6000 });
  expect([first, second, third].map((one) => numbers.idOf(one))).toEqual([
    undefined,
    '7001-1',
    '7001-2',
  ]);
  numbers.beginEpoch(third, { afterMs: 7001, unixMs: 8000 });
  expect(numbers.idOf(third)).toBe('8000-1');
});

it.each([
  ['5-1', '5-2', 0],
  ['5-1', '5-9', 7],
  ['5-9', '6-1', 0],
  ['5-9', '6-4', 3],
  ['0-0', '5-9', 0],
  // Of a writer that leaves the ids to Redis.
  ['1700-0', '1700-1', 0],
  ['1700-1', '1705-0', 0],
])('between %s and %s %i entries are missing', (had, following, missing) => {
  expect(entriesBetween({ had, next: following })).toBe(missing);
});
