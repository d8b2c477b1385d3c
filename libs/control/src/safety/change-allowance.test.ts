import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangeAllowance } from './change-allowance.ts';

describe('ChangeAllowance', () => {
  it('gives every token back one minute after it was spent', () => {
    const allowance = new ChangeAllowance({ perMinute: 2 });
    allowance.spend(0);
    allowance.spend(10_000);
    expect(allowance.permits({ nowMs: 59_999, urgent: false })).toBe(false);
    expect(allowance.permits({ nowMs: 60_000, urgent: false })).toBe(true);
    expect(allowance.remaining(70_000)).toBe(2);
  });

  it('lends an urgent change at most one minute of allowance', () => {
    const allowance = new ChangeAllowance({ perMinute: 2 });
    for (let lent = 0; lent < 4; lent += 1) {
      expect(allowance.permits({ nowMs: 0, urgent: true })).toBe(true);
      allowance.spend(0);
    }
    expect(allowance.remaining(0)).toBe(-2);
    expect(allowance.permits({ nowMs: 0, urgent: true })).toBe(false);
  });

  it('permits at most N patient and 2 N changes in all within any minute', () => {
    const ask = fc.record({ gapMs: fc.integer({ min: 0, max: 8_000 }), urgent: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(ask), (perMinute, asks) => {
        const allowance = new ChangeAllowance({ perMinute });
        const made: { nowMs: number; urgent: boolean }[] = [];
        let nowMs = 0;
        for (const { gapMs, urgent } of asks) {
          nowMs += gapMs;
          if (!allowance.permits({ nowMs, urgent })) continue;
          allowance.spend(nowMs);
          made.push({ nowMs, urgent });
          const minute = made.filter((change) => change.nowMs > nowMs - 60_000);
          expect(minute.length).toBeLessThanOrEqual(2 * perMinute);
          if (!urgent) expect(minute.length).toBeLessThanOrEqual(perMinute);
        }
      }),
    );
  });
});
