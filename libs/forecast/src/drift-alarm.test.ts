import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { DriftAlarm } from './drift-alarm.ts';

describe('the drift alarm', () => {
  it('stays quiet for errors like those of validation', () => {
    const alarm = new DriftAlarm({ reference: 0.2 });
    const random = new SeededRandom('quiet');
    for (let step = 0; step < 10_000; step++) {
      alarm.learn(0.4 * random.float());
      expect(alarm.isRaised).toBe(false);
    }
    expect(alarm.count).toBe(10_000);
  });

  it('is raised within 20 errors of three times the reference, and ends by itself', () => {
    const alarm = new DriftAlarm({ reference: 0.2 });
    for (let step = 0; step < 20; step++) alarm.learn(0.7);
    expect(alarm.isRaised).toBe(true);
    for (let step = 0; step < 1_000; step++) alarm.learn(0.7);
    expect(alarm.value).toBe(2 * alarm.threshold);
    for (let step = 0; step < 40; step++) alarm.learn(0.05);
    expect(alarm.isRaised).toBe(false);
  });

  it('takes what is no number for the worst, and no single error for a drift', () => {
    const alarm = new DriftAlarm({ reference: 0.2 });
    alarm.learn(Number.POSITIVE_INFINITY);
    expect(alarm.isRaised).toBe(false);
    for (let step = 0; step < 2; step++) alarm.learn(Number.NaN);
    expect(alarm.isRaised).toBe(true);
    expect(Number.isFinite(alarm.value)).toBe(true);
  });
});
