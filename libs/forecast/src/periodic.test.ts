import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeriodicForecaster } from './periodic.ts';

/** Feed onsets and let time pass until `nowS` after the last of them. */
function after(onsetsS: readonly number[], nowS: number): PeriodicForecaster {
  const forecaster = new PeriodicForecaster();
  for (const onsetS of onsetsS) {
    forecaster.learn({
      sample: { link: 'a', timeUnixMs: onsetS * 1000 + 50, origin: 'simulated' },
      onset: { timeUnixMs: onsetS * 1000, baselineBytesPerSecond: 1e6 },
      inBurst: true,
    });
  }
  const timeUnixMs = ((onsetsS.at(-1) ?? 0) + nowS) * 1000;
  forecaster.learn({ sample: { link: 'a', timeUnixMs, origin: 'simulated' }, inBurst: false });
  return forecaster;
}

describe('PeriodicForecaster', () => {
  it('says nothing before the second onset', () => {
    expect(after([], 5).forecast(10)).toEqual({ abstained: 'too-few-onsets' });
    expect(after([100], 5).forecast(10)).toEqual({ abstained: 'too-few-onsets' });
  });

  it('expects the next onset one period after the last', () => {
    const forecast = after([0, 20, 40, 60], 15).forecast(10);
    expect(forecast).toMatchObject({ timeS: 5 });
    expect(forecast.probability).toBeGreaterThan(0.999);
  });

  it('abstains while the onset lies beyond the horizon', () => {
    expect(after([0, 20, 40], 5).forecast(10)).toMatchObject({ abstained: 'outside-horizon' });
  });

  it('takes a gap of two periods for an onset it did not see', () => {
    expect(after([0, 20, 60, 80], 15).forecast(10)).toMatchObject({ timeS: 5 });
  });

  it('keeps its clock when bursts come out of turn', () => {
    expect(after([0, 20, 40, 60, 67], 8).forecast(10)).toMatchObject({ timeS: 5 });
    expect(after([0, 20, 31, 40, 60, 80], 15).forecast(10)).toMatchObject({ timeS: 5 });
  });

  it('waits for an overdue onset, then for the one after it, then gives the train up', () => {
    expect(after([0, 20, 40], 20.5).forecast(10)).toMatchObject({ timeS: -0.5 });
    expect(after([0, 20, 40], 35).forecast(10)).toMatchObject({ timeS: 5 });
    expect(after([0, 20, 40], 75).forecast(10)).toEqual({ abstained: 'not-periodic' });
  });

  it('calls gaps without a rule not periodic', () => {
    const random = new SeededRandom('gaps');
    let nowS = 0;
    const onsets = Array.from({ length: 12 }, () => {
      nowS += 2 + random.exponential(20);
      return nowS;
    });
    expect(after(onsets, 1).forecast(10)).toEqual({ abstained: 'not-periodic' });
  });

  it('is within five of its standard deviations of the next onset, whatever the period', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 12, max: 30, noNaN: true }), (seed, periodS) => {
        const random = new SeededRandom(seed);
        const onsets = [0];
        for (let i = 0; i < 8; i++) {
          onsets.push((onsets.at(-1) as number) + periodS + random.normal(0, 0.2));
        }
        const next = onsets.pop() as number;
        const last = onsets.at(-1) as number;
        const forecast = after(onsets, periodS - 5).forecast(10);
        if (forecast.abstained !== undefined) throw new Error(forecast.abstained);
        const error = last + periodS - 5 + forecast.timeS - next;
        expect(Math.abs(error)).toBeLessThan(5 * forecast.sdS);
        expect(forecast.sdS).toBeLessThan(0.6);
      }),
    );
  });
});
