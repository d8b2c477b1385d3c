import { expect, it } from 'vitest';
import { BalancerRotation, type BalancerServer } from './balancer-rotation.ts';

/** Three servers of 100 requests/s, all in. */
function servers(changes: Record<string, Partial<BalancerServer>> = {}): BalancerServer[] {
  return ['a', 'b', 'c'].map((name) => ({
    name,
    capacity: 100,
    nominalWeight: 50,
    weight: 50,
    isUp: true,
    isFree: true,
    period: undefined,
    ...changes[name],
  }));
}

function observed(changes: Record<string, Partial<BalancerServer>> = {}): BalancerRotation {
  const rotation = new BalancerRotation();
  rotation.observe(0, servers(changes));
  return rotation;
}

it('while all that is set serves, the need is what was asked for', () => {
  const rotation = observed();
  expect(rotation.usable).toBe(300);
  expect(rotation.need(120, 300)).toBe(120);
  expect(rotation.isStale(300)).toBe(false);
});

it.each([
  [150, 300, 225],
  [250, 300, 350],
  [0, 300, 0],
])('with a third of it down, %d of %d requests/s are a need of %d', (asked, size, need) => {
  expect(observed({ a: { isUp: false } }).need(asked, size)).toBeCloseTo(need, 9);
});

it('with nothing that serves, the need is beyond all that is set', () => {
  const down = { isUp: false };
  expect(observed({ a: down, b: down, c: down }).need(50, 300)).toBe(350);
});

it('who is held is taken as he is, and what he serves need not be chosen', () => {
  const rotation = observed({ a: { isFree: false } });
  expect([...rotation.choose(100)]).toEqual([
    ['b', 50],
    ['c', 0],
  ]);
  expect([...observed({ a: { isFree: false, weight: 0 } }).choose(200)]).toEqual([
    ['b', 50],
    ['c', 50],
  ]);
});

it('a rotation is stale when a server in it is down and another could serve', () => {
  const out = { weight: 0 };
  expect(observed({ a: { isUp: false }, c: out }).isStale(200)).toBe(true);
  expect(observed({ c: out }).isStale(200)).toBe(false);
  // Nobody is left to take its place.
  expect(observed({ a: { isUp: false } }).isStale(300)).toBe(false);
});

it('a server that serves a fifth of what it should gives way', () => {
  const rotation = new BalancerRotation();
  const look = (nowMs: number, served: number) => {
    const period = { lengthS: 1, served, failed: 0, inFlight: 5 };
    rotation.observe(nowMs, servers({ a: { period }, c: { weight: 0 } }));
  };
  for (let second = 1; second <= 60; second++) look(second * 1_000, 100);
  expect(rotation.speed('a')).toBe(1);
  for (let second = 61; second <= 200; second++) look(second * 1_000, 20);
  expect(rotation.speed('a')).toBeCloseTo(0.2, 1);
  expect(rotation.usable).toBeCloseTo(120, -1);
  expect(rotation.isStale(200)).toBe(true);
  expect(rotation.choose(200).get('a')).toBe(0);
});
