import { describe, expect, it } from 'vitest';
import { ForecastGate } from './forecast-gate.ts';
import { forecastOf } from './testdata/forecast-of.ts';

const bad = Number.NaN;

describe('ForecastGate', () => {
  it.each([
    ['no forecast', undefined, 'predictor-gone'],
    ['one of 4 s ago', forecastOf({ madeUnixMs: 96_000, timeToBurstS: 5 }), 'forecast-late'],
    ['one of another clock', forecastOf({ madeUnixMs: 102_000 }), 'forecast-incoherent'],
    ['a time that is no number', forecastOf({ timeToBurstS: bad }), 'forecast-incoherent'],
    ['a negative spread', forecastOf({ timeToBurstS: 1, timeSdS: -1 }), 'forecast-incoherent'],
    ['a confidence above 1', forecastOf({ confidence: 1.01 }), 'forecast-incoherent'],
    ['quantiles out of order', crossed(), 'forecast-incoherent'],
    ['a forecaster never judged', forecastOf({ madeUnixMs: 100_000, timeToBurstS: 5 }), 'unproven'],
  ])('turns %s away', (_name, forecast, expected) => {
    const gate = new ForecastGate({ kind: 'queue' });
    expect(gate.judge({ forecast, nowUnixMs: 100_000 })).toBe(expected);
  });

  it('lets a trusted forecast pass above 0.95 for a queue, at even odds for a capacity', () => {
    const judge = (kind: 'queue' | 'capacity', confidence: number) => {
      const gate = trusted(kind);
      const forecast = forecastOf({ madeUnixMs: 60_000, timeToBurstS: 1, confidence });
      return gate.judge({ forecast, nowUnixMs: 60_000 });
    };
    expect(judge('queue', 0.96)).toBeUndefined();
    expect(judge('queue', 0.95)).toBe('low-confidence');
    expect(judge('capacity', 0.6)).toBeUndefined();
    expect(judge('capacity', 0.4)).toBe('low-confidence');
  });

  it('says abstained for a trusted forecaster that predicts no burst', () => {
    const forecast = forecastOf({ madeUnixMs: 60_000 });
    expect(trusted('queue').judge({ forecast, nowUnixMs: 60_000 })).toBe('abstained');
  });
});

function crossed() {
  return forecastOf({ timeToBurstS: 1, needBytes: { q50: 2, q90: 1, q99: 3 } });
}

/** A gate that has seen two onsets announced. */
function trusted(kind: 'queue' | 'capacity'): ForecastGate {
  const gate = new ForecastGate({ kind });
  for (let atS = 0; atS < 50; atS++) {
    const aheadS = 20 - (atS % 20) + 0.5;
    const forecast = forecastOf({
      madeUnixMs: atS * 1000,
      timeToBurstS: aheadS < 8 ? aheadS : undefined,
    });
    gate.judge({ forecast, nowUnixMs: atS * 1000 });
    if (atS === 20 || atS === 40) gate.onset(atS * 1000 + 500);
  }
  return gate;
}
