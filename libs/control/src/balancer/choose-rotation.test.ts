import { expect, it } from 'vitest';
import { type Candidate, chooseRotation } from './choose-rotation.ts';

/** Two large and two small ones, all out, sound and at full speed. */
function pool(changes: Record<string, Partial<Candidate>> = {}): Candidate[] {
  return Object.entries({ a: 200, b: 200, c: 100, d: 100 }).map(([name, capacity]) => ({
    name,
    isUp: true,
    isIn: false,
    capacity,
    speed: 1,
    nominalWeight: capacity / 2,
    ...changes[name],
  }));
}

const weights = (candidates: Candidate[], capacity: number) =>
  Object.fromEntries(chooseRotation(candidates, capacity));

it.each([
  [100, { a: 0, b: 0, c: 50, d: 0 }],
  [200, { a: 100, b: 0, c: 0, d: 0 }],
  [300, { a: 100, b: 0, c: 50, d: 0 }],
  [350, { a: 100, b: 100, c: 0, d: 0 }],
  [600, { a: 100, b: 100, c: 50, d: 50 }],
  [9_999, { a: 100, b: 100, c: 50, d: 50 }],
])('%d requests/s take the fewest servers that have them', (capacity, expected) => {
  expect(weights(pool(), capacity)).toEqual(expected);
});

it('who is in stays in before another of the same size comes in', () => {
  expect(weights(pool({ b: { isIn: true } }), 200)).toEqual({ a: 0, b: 100, c: 0, d: 0 });
});

it('a slow server gives way to sound ones, and gets its share where it is needed', () => {
  const slow = { a: { speed: 0.25, isIn: true } };
  expect(weights(pool(slow), 300)).toEqual({ a: 0, b: 100, c: 50, d: 0 });
  expect(weights(pool(slow), 450)).toEqual({ a: 25, b: 100, c: 50, d: 50 });
});

it('a server that is down waits in rotation only where the others do not suffice', () => {
  const down = { a: { isUp: false, isIn: true } };
  expect(weights(pool(down), 400)).toEqual({ a: 0, b: 100, c: 50, d: 50 });
  expect(weights(pool(down), 500)).toEqual({ a: 100, b: 100, c: 50, d: 50 });
});

it('the last sound server is never taken out', () => {
  const down = { isUp: false, isIn: true };
  expect(weights(pool({ a: down, b: down, c: down }), 1).d).toBe(50);
  expect(weights(pool({ a: down, b: down, c: down }), -500).d).toBe(50);
});

it('with nobody to choose from nothing is chosen', () => {
  expect(weights([], 100)).toEqual({});
});
