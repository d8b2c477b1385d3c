import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AxisTops, niceCeiling } from './axis-top.ts';

it('ends an axis on a round number that is not below the value and not over twice it', () => {
  expect([0.9, 1.2, 17, 23, 61, 95, 5_000].map(niceCeiling)).toEqual([
    1, 1.5, 20, 30, 80, 100, 5_000,
  ]);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
      const top = niceCeiling(value);
      expect(top).toBeGreaterThanOrEqual(value * 0.999_999);
      expect(top).toBeLessThanOrEqual(value * 2);
    }),
  );
});

it('rises at once and falls only when less than half is used', () => {
  const tops = new AxisTops();
  const fit = (highest: number) => tops.fit('queue', { highest, least: 1 });
  expect(fit(90)).toBe(100);
  expect(fit(60)).toBe(100);
  expect(fit(130)).toBe(150);
  expect(fit(100)).toBe(150);
  expect(fit(40)).toBe(50);
});
