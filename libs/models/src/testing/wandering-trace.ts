import { SeededRandom } from '@levitate/clock';
import type { BandwidthSetName } from '../bandwidth/bandwidth-sets.ts';
import type { BandwidthTrace } from '../bandwidth/bandwidth-trace.ts';

/** A trace of a path around 1 MB/s that wanders and is drawn back, a second a value. */
export function wanderingTrace(options: {
  seed: string;
  seconds: number;
  set?: BandwidthSetName;
}): BandwidthTrace {
  const { seed, seconds, set = '4g' } = options;
  const random = new SeededRandom(seed);
  let level = 0;
  const bandwidthBytesPerSecond = Float64Array.from({ length: seconds }, () => {
    level = 0.9 * level + random.normal(0, 0.2);
    return 1e6 * Math.exp(level + random.normal(0, 0.2));
  });
  const empty = new Float64Array(seconds).fill(Number.NaN);
  const series = { bandwidthBytesPerSecond, roundTripSeconds: empty, lossRatio: empty };
  return { set, file: `${seed}.csv`, sha256: 'a'.repeat(64), series };
}
