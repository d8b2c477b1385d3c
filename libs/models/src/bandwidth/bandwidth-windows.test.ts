import { describe, expect, it } from 'vitest';
import { eachWindow } from './bandwidth-windows.ts';
import { wape } from './wape.ts';

function series(values: readonly number[]) {
  const empty = new Float64Array(values.length).fill(Number.NaN);
  const bandwidthBytesPerSecond = Float64Array.from(values);
  return { bandwidthBytesPerSecond, roundTripSeconds: empty, lossRatio: empty };
}

const counting = (length: number) => Array.from({ length }, (_, index) => index);

describe('eachWindow', () => {
  it('starts at sample 100, strides a second and ends where ten seconds no longer follow', () => {
    const windows = eachWindow(series(counting(120)));
    expect(windows.map(({ origin }) => origin)).toEqual(counting(11).map((at) => 99 + at));
    expect(windows[0]).toEqual({ origin: 99, actual: 104.5 });
  });

  it('starts at sample 30 of a trace too short for that', () => {
    const windows = eachWindow(series(counting(109)));
    expect(windows[0]?.origin).toBe(29);
    expect(windows.at(-1)?.origin).toBe(98);
  });

  it('leaves out what was not measured, and asks for half of the seconds ahead', () => {
    const values = counting(111);
    for (const at of [102, 103, 104, 105, 106]) values[at] = Number.NaN;
    expect(eachWindow(series(values))).toEqual([
      { origin: 99, actual: (100 + 101 + 107 + 108 + 109) / 5 },
      { origin: 100, actual: (101 + 107 + 108 + 109 + 110) / 5 },
    ]);
    values[107] = Number.NaN;
    expect(eachWindow(series(values))).toEqual([]);
    expect(eachWindow(series(counting(110).fill(Number.NaN, 99, 100)))).toEqual([]);
  });
});

describe('wape', () => {
  it('pools errors and actuals, so that near zero nothing explodes', () => {
    const outcomes = [
      { actual: 100, forecast: 90 },
      { actual: 0, forecast: 10 },
    ];
    expect(wape(outcomes)).toBe(0.2);
    expect(wape([])).toBe(0);
    expect(wape([{ actual: 0, forecast: 3 }])).toBe(1);
  });
});
