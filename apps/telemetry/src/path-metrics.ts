import { pathSeries } from '@levitate/feature-windows';
import type { PathSample } from '@levitate/series';
import type { SeriesMetrics } from './series-metrics.ts';

/** What is exported of every path. */
export const pathMetrics: SeriesMetrics<PathSample> = {
  kind: pathSeries,
  newest: [
    {
      name: 'levitate_path_bandwidth_bytes_per_second',
      help: 'What the path delivered, mean of the newest interval.',
      value: (sample) => sample.bandwidthBytesPerSecond,
    },
    {
      name: 'levitate_path_round_trip_seconds',
      help: 'Time to the peer and back, of the newest interval.',
      value: (sample) => sample.roundTripSeconds,
    },
    {
      name: 'levitate_path_loss_ratio',
      help: 'Lost of what was sent in the newest interval, 0 to 1.',
      value: (sample) => sample.lossRatio,
    },
    {
      name: 'levitate_path_newest_sample_timestamp_seconds',
      help: 'End of the newest interval, seconds since 1970.',
      value: (sample) => sample.timeUnixMs / 1000,
    },
  ],
  window: [],
  totals: [],
};
