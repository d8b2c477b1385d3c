import { describe, expect, it } from 'vitest';
import { PhaseProfile } from './phase-profile.ts';

function learnt(peakAt: (second: number) => number, seconds: number): PhaseProfile {
  const profile = new PhaseProfile();
  for (let tick = 0; tick < seconds * 10; tick++) profile.learn(tick * 100, peakAt(tick / 10));
  return profile;
}

const train = (second: number) => (second % 12 >= 4 && second % 12 < 5 ? 900 : 100);

describe('PhaseProfile', () => {
  it('finds the period of a train and says what the coming phases need', () => {
    const profile = learnt(train, 182);
    expect(profile.periodS).toBe(12);
    // Second 182 is phase 2: the pulse of phase 4 is two seconds away.
    expect(profile.expected(0)).toBe(100);
    expect(profile.expected(2)).toBe(900);
  });

  it('says nothing without a period, and before it has told two peaks', () => {
    expect(learnt(() => 100, 300).expected(5)).toBeUndefined();
    expect(learnt(train, 30).expected(5)).toBeUndefined();
  });

  it('is no longer believed once the pulses come at other phases', () => {
    const onsets = [206, 213, 230, 239, 254, 260, 279, 286, 303, 310];
    const strange = (second: number) => (onsets.includes(Math.floor(second)) ? 900 : 100);
    const profile = learnt((second) => (second < 200 ? train(second) : strange(second)), 320);
    expect(profile.periodS).not.toBe(12);
  });

  it('starts anew after time ran backwards or stood still for minutes', () => {
    const profile = learnt(train, 182);
    profile.learn(5_000, 100);
    profile.learn(900_000_000, 100);
    expect(() => profile.expected(3)).not.toThrow();
  });
});
