import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { bandwidthBaselines } from './bandwidth-baselines.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { eachWindow } from './bandwidth-windows.ts';
import { NlinearMap } from './nlinear-map.ts';
import { wape } from './wape.ts';

function trace(values: readonly number[]): BandwidthTrace {
  const empty = new Float64Array(values.length).fill(Number.NaN);
  const bandwidthBytesPerSecond = Float64Array.from(values);
  const series = { bandwidthBytesPerSecond, roundTripSeconds: empty, lossRatio: empty };
  return { set: '4g', file: 'a.csv', sha256: '', series };
}

function errorOf(name: string, of: BandwidthTrace, fitted?: NlinearMap): number {
  const windows = eachWindow(of.series);
  const baseline = bandwidthBaselines(fitted).find((each) => each.name === name);
  const means = baseline?.means(of.series, windows) ?? new Float64Array();
  return wape(windows.map(({ actual }, at) => ({ actual, forecast: means[at] ?? 0 })));
}

describe('the baselines', () => {
  const random = new SeededRandom('baselines');
  const noise = trace(Array.from({ length: 400 }, () => 1000 + random.normal(0, 200)));

  it('are all exact on a path that does not change', () => {
    const still = trace(new Array(150).fill(5000));
    for (const { name } of bandwidthBaselines(NlinearMap.fit([still]))) {
      expect([name, errorOf(name, still, NlinearMap.fit([still]))]).toEqual([name, 0]);
    }
  });

  it('that average beat last value on noise around a level', () => {
    const last = errorOf('last value', noise);
    for (const name of ['harmonic mean of 5', 'EWMA 0.2', 'Holt-Winters']) {
      expect([name, errorOf(name, noise) < 0.8 * last]).toEqual([name, true]);
    }
  });

  it('go on with the value before a hole', () => {
    const values = new Array(130).fill(100);
    values[105] = Number.NaN;
    expect(errorOf('last value', trace(values))).toBe(0);
    expect(errorOf('Holt-Winters', trace(values))).toBeCloseTo(0);
  });

  it('NLinear learns the noise away and a trend on, of a trace it was not fitted to', () => {
    const fitted = NlinearMap.fit([noise]);
    const other = trace(Array.from({ length: 400 }, () => 1000 + random.normal(0, 200)));
    expect(errorOf('NLinear', other, fitted)).toBeLessThan(0.8 * errorOf('last value', other));
    const ramps = [1, 2, 3].map((slope) =>
      trace(Array.from({ length: 200 }, (_, at) => at * slope)),
    );
    expect(
      errorOf(
        'NLinear',
        trace(Array.from({ length: 200 }, (_, at) => at * 5)),
        NlinearMap.fit(ramps),
      ),
    ).toBeLessThan(0.01);
  });
});
