import { holtWinters, type LevelForecaster, linear, nlinear } from '@levitate/forecast';
import type { PathSeries } from './bandwidth-trace.ts';
import { type BandwidthWindow, HORIZON } from './bandwidth-windows.ts';
import type { NlinearMap } from './nlinear-map.ts';

/** A forecaster of the mean of the next ten seconds that a learned one has to beat. */
export interface BandwidthBaseline {
  name: string;
  /** @returns its forecast at each window, bytes/s, knowing the trace up to there */
  means(series: PathSeries, windows: readonly BandwidthWindow[]): Float64Array;
}

/** The forecaster that skill is counted against. */
export const LAST_VALUE = 'last value';

/**
 * Last value, harmonic mean of five, exponentially weighted means, Holt-Winters, the linear maps
 * that learn while they run, and, with one, an NLinear fitted to the training traces of the set.
 */
export function bandwidthBaselines(fitted?: NlinearMap): BandwidthBaseline[] {
  return [
    following(LAST_VALUE, lastValue),
    following('harmonic mean of 5', harmonicMean),
    ...[0.2, 0.4, 0.6].map((alpha) => following(`EWMA ${alpha}`, () => ewma(alpha))),
    online('Holt-Winters', () => holtWinters()),
    online('linear, online', () => linear()),
    online('NLinear, online', () => nlinear()),
    ...(fitted === undefined ? [] : [{ name: 'NLinear', means: fitted.means.bind(fitted) }]),
  ];
}

/** Takes a second's value, gives the forecast after it. */
type Follower = (value: number) => number;

function following(name: string, start: () => Follower): BandwidthBaseline {
  return {
    name,
    means(series, windows) {
      const follow = start();
      const after = series.bandwidthBytesPerSecond.map(toKnown()).map(follow);
      return Float64Array.from(windows, ({ origin }) => after[origin] as number);
    },
  };
}

function lastValue(): Follower {
  return (value) => value;
}

function harmonicMean(): Follower {
  const newest: number[] = [];
  return (value) => {
    newest.push(value);
    if (newest.length > 5) newest.shift();
    // A second of nothing makes the mean nothing, by its definition; one byte is close to it.
    return newest.length / newest.reduce((sum, each) => sum + 1 / Math.max(1, each), 0);
  };
}

function ewma(alpha: number): Follower {
  let mean: number | undefined;
  return (value) => {
    mean = mean === undefined ? value : mean + alpha * (value - mean);
    return mean;
  };
}

/** A hole repeats the value before it; before the first it is nothing. */
function toKnown(): (value: number) => number {
  let known = 0;
  return (value) => {
    if (!Number.isNaN(value)) known = value;
    return known;
  };
}

/** A level forecaster of `forecast`: the mean of its next ten medians. */
function online(name: string, start: () => LevelForecaster): BandwidthBaseline {
  return {
    name,
    means(series, windows) {
      const forecaster = start();
      const wanted = new Map(windows.map(({ origin }, index) => [origin, index]));
      const means = new Float64Array(windows.length);
      for (const [second, value] of series.bandwidthBytesPerSecond.entries()) {
        forecaster.learn(Number.isNaN(value) ? undefined : value);
        const index = wanted.get(second);
        if (index === undefined) continue;
        const next = forecaster.forecast(HORIZON);
        means[index] = next.reduce((sum, { q50 }) => sum + q50, 0) / Math.max(1, next.length);
      }
      return means;
    },
  };
}
