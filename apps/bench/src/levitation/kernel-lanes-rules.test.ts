import { expect, it } from 'vitest';
import { driveOf, startLimitBytes } from './kernel-lanes-rules.ts';

it('the lanes with and without models differ in whose forecasts they follow alone', () => {
  const learned = driveOf('predictive');
  expect(learned).toMatchObject({ loop: 'learned', predictive: true });
  expect(driveOf('predictive-statistical')).toEqual({ ...learned, loop: 'statistical' });
});

it('a reactive lane follows no forecast and differs from a predictive one in nothing else', () => {
  expect(driveOf('reactive')).toEqual({ ...driveOf('predictive'), predictive: false });
  expect(driveOf('reactive-hold35')).toEqual({ ...driveOf('reactive'), holdMs: 35_000 });
});

it('nothing drives a lane whose limit is one for ever', () => {
  for (const rule of ['static-default', 'static-at-budget', 'oracle'] as const) {
    expect(driveOf(rule)).toBeUndefined();
  }
});

it('the oracle has the budget less the 2 % that the envelope takes', () => {
  expect(startLimitBytes('oracle', 1_875_000)).toBe(1_837_500);
  expect(startLimitBytes('static-at-budget', 1_875_000)).toBe(1_875_000);
  expect(startLimitBytes('predictive', 1_875_000)).toBe(524_288);
});
