import { describe, expect, it } from 'vitest';
import { forecastOf } from './testdata/forecast-of.ts';
import { ForecastTrust } from './trust.ts';

/** One second after another: a forecast each, onsets when they come. */
function play(
  seconds: number,
  options: { onsetsS: readonly number[]; claims: (atS: number) => number | undefined },
): ForecastTrust {
  const trust = new ForecastTrust();
  for (let atS = 0; atS < seconds; atS++) {
    const timeToBurstS = options.claims(atS);
    trust.forecast(forecastOf({ madeUnixMs: atS * 1000, timeToBurstS }));
    for (const onsetS of options.onsetsS) {
      if (onsetS > atS && onsetS <= atS + 1) trust.onset(onsetS * 1000);
    }
  }
  return trust;
}

const everyTwenty = [20.5, 40.5, 60.5, 80.5, 100.5, 120.5];

describe('ForecastTrust', () => {
  it('is unproven before two onsets were judged', () => {
    expect(new ForecastTrust().state).toBe('unproven');
    const claims = (atS: number) => (atS >= 12 && atS < 20 ? 20.5 - atS : undefined);
    expect(play(30, { onsetsS: [20.5], claims }).state).toBe('unproven');
  });

  it('is earned by two hits of two where the alarm is seldom on', () => {
    const next = (atS: number) => everyTwenty.find((onsetS) => onsetS > atS) ?? atS + 99;
    const claims = (atS: number) => (next(atS) - atS < 8 ? next(atS) - atS : undefined);
    expect(play(42, { onsetsS: everyTwenty, claims }).state).toBe('trusted');
  });

  it('is never earned by an alarm that is always on', () => {
    for (const aheadS of [0.5, 2, 5]) {
      const { state } = play(130, { onsetsS: everyTwenty, claims: () => aheadS });
      expect(state).not.toBe('trusted');
    }
  });

  it('is lost when more than half of the last six onsets came unannounced', () => {
    const onsetsS = Array.from({ length: 10 }, (_, index) => 20.5 + 20 * index);
    const next = (atS: number) => onsetsS.find((onsetS) => onsetS > atS) ?? atS + 99;
    const claims = (atS: number) =>
      atS < 100 && next(atS) - atS < 8 ? next(atS) - atS : undefined;
    expect(play(110, { onsetsS, claims }).state).toBe('trusted');
    expect(play(190, { onsetsS, claims }).state).toBe('missing-onsets');
  });

  it('does not hold onsets before the first claim against a forecaster that was learning', () => {
    const onsetsS = Array.from({ length: 8 }, (_, index) => 20.5 + 20 * index);
    const next = (atS: number) => onsetsS.find((onsetS) => onsetS > atS) ?? atS + 99;
    const claims = (atS: number) =>
      atS > 121 && next(atS) - atS < 8 ? next(atS) - atS : undefined;
    expect(play(165, { onsetsS, claims }).state).toBe('trusted');
  });

  it('starts over when time broke', () => {
    const next = (atS: number) => everyTwenty.find((onsetS) => onsetS > atS) ?? atS + 99;
    const claims = (atS: number) => (next(atS) - atS < 8 ? next(atS) - atS : undefined);
    const trust = play(110, { onsetsS: everyTwenty, claims });
    trust.forget();
    expect(trust.state).toBe('unproven');
  });
});
