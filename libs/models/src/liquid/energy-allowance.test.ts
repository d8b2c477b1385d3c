import { describe, expect, it } from 'vitest';
import { EnergyAllowance } from './energy-allowance.ts';

describe('EnergyAllowance', () => {
  it('keeps the mean power of what it grants within the budget, ten times over asked', () => {
    const allowance = new EnergyAllowance({ budgetMicrowatts: 50, nowMs: 0 });
    let granted = 0;
    // 200 a second of 2.5 uJ: 500 uW asked for.
    for (let index = 0; index < 20_000; index++) {
      if (allowance.take(2.5, index * 5) === 0) granted += 2.5;
    }
    expect(granted).toBeGreaterThan(50 * 100);
    // What it began with, and one inference of debt.
    expect(granted).toBeLessThanOrEqual(50 * 100 + 250 + 2.5);
  });

  it('refuses none where the rate fits', () => {
    const allowance = new EnergyAllowance({ budgetMicrowatts: 50, nowMs: 0 });
    const waits = Array.from({ length: 600 }, (_, index) => allowance.take(8, index * 200));
    expect(waits.every((wait) => wait === 0)).toBe(true);
  });

  it('grants an inference larger than all it holds, and says how long its debt lasts', () => {
    const allowance = new EnergyAllowance({ budgetMicrowatts: 50, nowMs: 0 });
    expect(allowance.take(1_250, 0)).toBe(0);
    expect(allowance.take(1, 0)).toBe(20_000);
    expect(allowance.take(1, 19_990)).toBeGreaterThan(5);
    expect(allowance.take(1, 20_010)).toBe(0);
  });

  it('gives nothing for time that runs backwards', () => {
    const allowance = new EnergyAllowance({ budgetMicrowatts: 50, nowMs: 10_000 });
    expect(allowance.take(250, 10_000)).toBe(0);
    expect(allowance.take(1, 5_000)).toBe(1);
  });
});
