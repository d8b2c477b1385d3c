import { expect, it } from 'vitest';
import { RESERVE_STATE_FEATURES, ReserveState, reserveFeatures } from './reserve-features.ts';

function stateAfter(values: readonly number[], startSecond = 0): Record<string, number> {
  const state = new ReserveState(startSecond);
  for (const value of values) state.learn(value);
  const row = new Float32Array(RESERVE_STATE_FEATURES);
  state.features(row, 0);
  const names = reserveFeatures.slice(0, RESERVE_STATE_FEATURES);
  return Object.fromEntries(names.map(({ name }, at) => [name, row[at] as number]));
}

const noisy = Array.from({ length: 400 }, (_, at) => 50 + ((at * 37) % 11));

it('is finite before the first second, on zeros, gaps and rates that cannot be', () => {
  for (const values of [[], [0, 0, 0], [Number.NaN, -5, Number.POSITIVE_INFINITY, 3], [1e12, 0]]) {
    expect(Object.values(stateAfter(values)).every(Number.isFinite)).toBe(true);
  }
});

it('tells a surge by the newest second and by how long ago it was', () => {
  const calm = stateAfter(noisy);
  const surge = stateAfter([...noisy, 300]);
  const after = stateAfter([...noisy, 300, ...noisy.slice(0, 60)]);
  expect(surge.smoothed_1).toBeGreaterThan((calm.smoothed_1 as number) + 1);
  expect([calm.since_surge, surge.since_surge]).toEqual([0, 1]);
  expect(after.since_surge).toBeCloseTo(Math.exp(-3), 5);
  expect(after.highest_15s).toBeLessThan(0.3);
  expect(after.highest_300s).toBeGreaterThan(1);
});

it('is nearly the same at ten times the size, where noise is small', () => {
  const one = stateAfter(noisy);
  const ten = stateAfter(noisy.map((value) => 10 * value));
  for (const name of ['smoothed_1', 'smoothed_0.005', 'highest_60s', 'lowest_15s']) {
    expect(ten[name]).toBeCloseTo(one[name] as number, 1);
  }
  expect(ten.noise).toBeLessThan(0.4 * (one.noise as number));
});

it('knows the place in the minute', () => {
  const quarter = stateAfter(noisy.slice(0, 10), 5);
  expect(quarter.clock_60s_sine).toBeCloseTo(1, 6);
});
