import { linkSeries } from '@levitate/feature-windows';
import type { Sample } from '@levitate/series';
import type { SeriesMetrics } from './series-metrics.ts';

/** What is exported of every link. */
export const linkMetrics: SeriesMetrics<Sample> = {
  kind: linkSeries,
  newest: [
    {
      name: 'levitate_link_throughput_bytes_per_second',
      help: 'Arrivals at the queue, mean of the newest interval.',
      value: (sample) => sample.throughputBytesPerSecond,
    },
    {
      name: 'levitate_link_packets_per_second',
      help: 'Arrivals at the queue, mean of the newest interval.',
      value: (sample) => sample.packetsPerSecond,
    },
    {
      name: 'levitate_link_connections_per_second',
      help: 'New connections, mean of the newest interval.',
      value: (sample) => sample.connectionsPerSecond,
    },
    {
      name: 'levitate_link_queue_bytes',
      help: 'Queue at the end of the newest interval.',
      value: (sample) => sample.queueBytes,
    },
    {
      name: 'levitate_link_queue_packets',
      help: 'Queue at the end of the newest interval.',
      value: (sample) => sample.queuePackets,
    },
    {
      name: 'levitate_link_limit_bytes',
      help: 'Queue limit in force at the end of the newest interval.',
      value: (sample) => sample.limitBytes,
    },
    {
      name: 'levitate_link_drain_bytes_per_second',
      help: 'Rate at which the queue drains while it is not empty.',
      value: (sample) => sample.drainBytesPerSecond,
    },
    {
      name: 'levitate_link_latency_p50_seconds',
      help: 'Queueing delay of the newest interval, median.',
      value: (sample) => sample.latencyP50Seconds,
    },
    {
      name: 'levitate_link_latency_p95_seconds',
      help: 'Queueing delay of the newest interval, 95th percentile.',
      value: (sample) => sample.latencyP95Seconds,
    },
    {
      name: 'levitate_link_latency_p99_seconds',
      help: 'Queueing delay of the newest interval, 99th percentile.',
      value: (sample) => sample.latencyP99Seconds,
    },
    {
      name: 'levitate_link_newest_sample_timestamp_seconds',
      help: 'End of the newest interval, seconds since 1970.',
      value: (sample) => sample.timeUnixMs / 1000,
    },
    {
      name: 'levitate_link_sample_interval_seconds',
      help: 'Length of the newest interval: the resolution its source has.',
      value: (sample) => (sample.intervalMs === undefined ? undefined : sample.intervalMs / 1000),
    },
  ],
  window: [
    {
      name: 'levitate_link_queue_high_water_bytes',
      help: 'Highest queue of the window, so that a burst between two scrapes shows.',
      value: highWater,
    },
  ],
  totals: [
    {
      name: 'levitate_link_dropped_packets_total',
      help: 'Packets the queue dropped, of the samples that got here.',
      value: (sample) => sample.droppedPackets,
    },
    {
      name: 'levitate_link_dropped_bytes_total',
      help: 'Bytes the queue dropped, of the samples that got here.',
      value: (sample) => sample.droppedBytes,
    },
  ],
};

function highWater(samples: readonly Sample[]): number | undefined {
  let highest: number | undefined;
  for (const { queueHighWaterBytes, queueBytes } of samples) {
    const here = queueHighWaterBytes ?? queueBytes;
    if (here !== undefined && (highest === undefined || here > highest)) highest = here;
  }
  return highest;
}
