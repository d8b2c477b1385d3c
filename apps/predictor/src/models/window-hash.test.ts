import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { WindowHash } from './window-hash.ts';

const hash = (...arrays: number[][]) =>
  arrays.reduce((sum, one) => sum.add(Float64Array.from(one)), new WindowHash()).text();

it('is the same for the same numbers, however they are given', () => {
  const values = Float64Array.of(9, 1, 2, 3);
  expect(new WindowHash().add(values.subarray(1)).text()).toBe(hash([1, 2, 3]));
  expect(hash([1, 2], [3])).toBe(hash([1, 2, 3]));
});

it('differs where one bit does, and where two numbers change places', () => {
  expect(hash([1, 2, 3])).not.toBe(hash([1, 2, 3 + 2 ** -51]));
  expect(hash([1, 2, 3])).not.toBe(hash([2, 1, 3]));
  expect(hash([0])).not.toBe(hash([-0]));
  expect(hash([0])).not.toBe(hash([0, 0]));
});

it('finds no two alike among 100,000 windows', () => {
  const random = new SeededRandom('hash');
  const seen = { text: new Set<string>(), number: new Set<number>() };
  const values = Float64Array.from({ length: 50 }, () => random.normal());
  for (let index = 0; index < 100_000; index++) {
    values[index % 50] = random.normal();
    const one = new WindowHash().add(values);
    seen.text.add(one.text());
    seen.number.add(one.number());
  }
  expect([seen.text.size, seen.number.size]).toEqual([100_000, 100_000]);
});
