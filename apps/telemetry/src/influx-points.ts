import type { PathSample, Sample } from '@levitate/series';
import { lineOf } from './line-protocol.ts';

/** A sample of a link as a line; `undefined` when nothing in it was measured. */
export function linkLine(sample: Sample): string | undefined {
  const { link, origin, timeUnixMs } = sample;
  return lineOf({
    measurement: 'levitate_link',
    tags: { link, origin },
    timeUnixMs,
    fields: {
      interval_seconds: secondsOf(sample.intervalMs),
      throughput_bytes_per_second: sample.throughputBytesPerSecond,
      packets_per_second: sample.packetsPerSecond,
      throughput_peak_bytes_per_second: sample.throughputPeakBytesPerSecond,
      queue_bytes: sample.queueBytes,
      queue_packets: sample.queuePackets,
      queue_high_water_bytes: sample.queueHighWaterBytes,
      latency_p50_seconds: sample.latencyP50Seconds,
      latency_p95_seconds: sample.latencyP95Seconds,
      latency_p99_seconds: sample.latencyP99Seconds,
      connections_per_second: sample.connectionsPerSecond,
      dropped_packets: sample.droppedPackets,
      dropped_bytes: sample.droppedBytes,
      limit_bytes: sample.limitBytes,
      drain_bytes_per_second: sample.drainBytesPerSecond,
    },
  });
}

/** A sample of a path as a line; `undefined` when nothing in it was measured. */
export function pathLine(sample: PathSample): string | undefined {
  const { path, origin, timeUnixMs } = sample;
  return lineOf({
    measurement: 'levitate_path',
    tags: { path, origin },
    timeUnixMs,
    fields: {
      interval_seconds: secondsOf(sample.intervalMs),
      bandwidth_bytes_per_second: sample.bandwidthBytesPerSecond,
      round_trip_seconds: sample.roundTripSeconds,
      loss_ratio: sample.lossRatio,
    },
  });
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
