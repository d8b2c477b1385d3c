import { describe, expect, it } from 'vitest';
import { EnergyGovernor, energyMicrojoules } from './energy-governor.ts';

const MACS = 1e6;

describe('EnergyGovernor', () => {
  it('models a million multiply-accumulates as 4.6 microjoules', () => {
    expect(energyMicrojoules(MACS)).toBeCloseTo(4.6, 12);
  });

  it('lowers nothing while the budget holds', () => {
    const decision = new EnergyGovernor().decide({
      macsOfMember: MACS,
      members: 5,
      ratePerSecond: 2,
    });
    expect(decision).toMatchObject({ members: 5, ratePerSecond: 2, lowered: 'nothing', why: '' });
    expect(decision.microwatts).toBeCloseTo(46, 9);
  });

  it('lowers the ensemble first and says so', () => {
    const decision = new EnergyGovernor().decide({
      macsOfMember: MACS,
      members: 5,
      ratePerSecond: 4,
    });
    expect(decision).toMatchObject({ members: 2, ratePerSecond: 4, lowered: 'ensemble' });
    expect(decision.microwatts).toBeLessThanOrEqual(50);
    expect(decision.why).toBe('92.0 uW modelled against a budget of 50 uW: 2 of 5 members');
  });

  it('lowers the rate where one member alone is too many', () => {
    const decision = new EnergyGovernor().decide({
      macsOfMember: MACS,
      members: 5,
      ratePerSecond: 200,
    });
    expect(decision).toMatchObject({ members: 1, lowered: 'ensemble and rate' });
    expect(decision.ratePerSecond).toBeCloseTo(10.87, 2);
    expect(decision.why).toContain('10.87 of 200.00 inferences a second');
  });

  it('never goes beyond the budget, whatever is asked', () => {
    const governor = new EnergyGovernor({ budgetMicrowatts: 7 });
    for (const ratePerSecond of [0, 0.1, 1, 3, 50, 1e5]) {
      const asked = { macsOfMember: 3e5, members: 8, ratePerSecond };
      const { members, microwatts } = governor.decide(asked);
      expect(microwatts).toBeLessThanOrEqual(7 + 1e-9);
      expect(members).toBeGreaterThanOrEqual(1);
    }
  });

  it('refuses a budget of nothing', () => {
    expect(() => new EnergyGovernor({ budgetMicrowatts: 0 })).toThrow(/allows nothing/);
  });
});
