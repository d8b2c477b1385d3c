import type { SeededRandom } from '@levitate/clock';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { type PathInputs, type PathSenses, pathInputs } from './path-features.ts';
import { observationsOfPath } from './path-observation.ts';

/** Seconds at the start of a stretch for which nothing is asked: the network has to look first. */
const SETTLE_S = 20;

/** A stretch of a trace to learn from. */
export interface PathExample extends PathInputs {
  /** What came in each of the next ten seconds, bytes/s [steps x HORIZON]; NaN: nobody knows. */
  readonly actual: Float64Array;
}

/**
 * A stretch of a trace as it would be seen in service, with what came after each second. Now and
 * then some of its seconds are left out, so that the network meets irregular times.
 * @param options.thinned share of seconds left out, 0 to 1
 */
export function pathExample(
  series: PathSeries,
  options: {
    from: number;
    steps: number;
    senses: PathSenses;
    thinned: number;
    random: SeededRandom;
  },
): PathExample {
  const { from, senses, thinned, random } = options;
  const all = series.bandwidthBytesPerSecond;
  const to = Math.min(all.length, from + options.steps);
  const bandwidth = all.slice(from, to);
  for (let index = 1; thinned > 0 && index < bandwidth.length; index++) {
    if (random.float() < thinned) bandwidth[index] = Number.NaN;
  }
  const seconds: number[] = [];
  bandwidth.forEach((rate, index) => {
    if (Number.isFinite(rate) && rate >= 0) seconds.push(index);
  });
  const window = observationsOfPath(
    {
      stepMs: 1000,
      endUnixMs: 0,
      bandwidth,
      roundTrip: series.roundTripSeconds.subarray(from, to),
      loss: series.lossRatio.subarray(from, to),
    },
    { hasClock: false },
  );
  const actual = new Float64Array(seconds.length * HORIZON).fill(Number.NaN);
  seconds.forEach((second, t) => {
    if (second < SETTLE_S) return;
    for (let k = 0; k < HORIZON; k++) {
      actual[t * HORIZON + k] = all[from + second + 1 + k] ?? Number.NaN;
    }
  });
  return { ...pathInputs(window, senses), actual };
}
