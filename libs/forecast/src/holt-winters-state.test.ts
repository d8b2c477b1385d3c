import { describe, expect, it } from 'vitest';
import { HoltWintersState, seasonStart } from './holt-winters-state.ts';

describe('Holt-Winters smoothing', () => {
  it("repeats the book's worked example of Holt's linear trend", () => {
    // Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 1st edition, table 7.2:
    // air passengers of Australia, alpha 0.8, beta 0.2, fitted values and forecasts.
    const passengers = [
      17.55, 21.86, 23.89, 26.93, 26.89, 28.83, 30.08, 30.95, 30.19, 31.58, 32.58, 33.48, 39.02,
      41.39, 41.6,
    ];
    const fitted = [
      21.86, 22.03, 25.48, 27.54, 30.29, 30.26, 31.58, 32.6, 33.24, 32.27, 33.08, 33.96, 34.78,
      40.06, 43.22,
    ];
    const state = new HoltWintersState({
      weights: { alpha: 0.8, beta: 0.2 },
      start: { level: 17.55, trend: 21.86 - 17.55 },
    });
    for (const [year, value] of passengers.entries()) {
      expect(state.predict(1)).toBeCloseTo(fitted[year] as number, 1);
      state.learn(value);
    }
    for (const [index, forecast] of [43.76, 45.59, 47.43, 49.27, 51.1].entries()) {
      expect(state.predict(index + 1)).toBeCloseTo(forecast, 1);
    }
  });

  it("repeats R's forecast::hw on Australian tourists with the book's weights", () => {
    // Additive, alpha 0.441, beta 0.030, gamma 0.002 (section 7.3), initial = "simple". One row
    // per quarter: value, fitted, level, trend.
    const rows = [
      [30.052513, 31.11838625, 26.12335764675, 1.0517717469025],
      [19.148496, 20.7960908936525, 26.4485400455517, 1.02997406645948],
      [25.317692, 27.2686716120112, 26.6181321031143, 1.00416260619257],
      [27.591437, 29.6861972093068, 26.6985054570025, 0.976448928623438],
      [32.076456, 32.197801139126, 27.6214411792714, 0.974843532432802],
      [23.487961, 22.2139510219169, 29.1581231120389, 0.991698684442841],
      [28.47594, 29.9360773372577, 29.5059012307511, 0.972381067470922],
      [35.123753, 32.5379952778034, 31.6186014537107, 1.00659064213558],
      [36.838485, 37.147796159068, 32.4887858746973, 1.00249845550111],
      [25.007017, 27.1114986603673, 32.5632079179764, 0.974656163134454],
    ] as const;
    const start = seasonStart(
      rows.map(([value]) => value),
      4,
    );
    expect(start?.level).toBeCloseTo(25.5275345, 9);
    expect(start?.trend).toBeCloseTo(1.06587325, 9);
    const weights = { alpha: 0.441, beta: 0.03, gamma: 0.002 };
    const state = new HoltWintersState({ weights, start: start ?? { level: 0, trend: 0 } });
    for (const [value, fitted, level, trend] of rows) {
      expect(state.predict(1)).toBeCloseTo(fitted, 9);
      state.learn(value);
      expect(state.level).toBeCloseTo(level, 9);
      expect(state.trend).toBeCloseTo(trend, 9);
    }
  });

  it('damps its trend: the forecast converges to level + phi / (1 - phi) x trend', () => {
    const state = new HoltWintersState({
      weights: { alpha: 0.5, beta: 0.5, phi: 0.9 },
      start: { level: 100, trend: 10 },
    });
    expect(state.predict(1)).toBeCloseTo(109, 9);
    expect(state.predict(2)).toBeCloseTo(117.1, 9);
    expect(state.predict(500)).toBeCloseTo(190, 6);
  });

  it('keeps the place in the season over missing values', () => {
    const season = [0, 5, -5];
    const start = { level: 10, trend: 0, season };
    const state = new HoltWintersState({ weights: { alpha: 0.3, beta: 0, gamma: 0.1 }, start });
    for (const value of [10, undefined, 5, undefined]) state.learn(value);
    expect(state.predict(1)).toBeCloseTo(15, 9);
    expect(state.predict(2)).toBeCloseTo(5, 9);
    expect(state.predict(3)).toBeCloseTo(10, 9);
  });
});
