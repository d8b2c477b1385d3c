import type { telemetry } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';

// Both ways every number is named, always in one order and without a copy in between: objects of
// one shape take a third of the memory of those that grow key by key, a window holds 600 of them
// per link, and a spread would make each of its numbers twice.

/** For the wire. Missing values stay missing. */
export function sampleToProto(sample: Sample): telemetry.SampleInit {
  return {
    link: sample.link,
    sequence: sample.sequence,
    timeUnixMs: sample.timeUnixMs,
    intervalMs: sample.intervalMs,
    throughputBytesPerSecond: sample.throughputBytesPerSecond,
    packetsPerSecond: sample.packetsPerSecond,
    throughputPeakBytesPerSecond: sample.throughputPeakBytesPerSecond,
    queueBytes: sample.queueBytes,
    queuePackets: sample.queuePackets,
    queueHighWaterBytes: sample.queueHighWaterBytes,
    latencyP50Seconds: sample.latencyP50Seconds,
    latencyP95Seconds: sample.latencyP95Seconds,
    latencyP99Seconds: sample.latencyP99Seconds,
    connectionsPerSecond: sample.connectionsPerSecond,
    droppedPackets: sample.droppedPackets,
    droppedBytes: sample.droppedBytes,
    limitBytes: sample.limitBytes,
    drainBytesPerSecond: sample.drainBytesPerSecond,
    origin: originToProto[sample.origin],
  };
}

/**
 * From the wire, after validation. Missing values stay missing.
 *
 * @param originWhenUnspecified what a sender that names no origin counts as.
 * @throws FeatureWindowsError `malformed` without a link or a time.
 */
export function sampleFromProto(
  proto: telemetry.SampleInit,
  originWhenUnspecified: SampleOrigin = 'push',
): Sample {
  const { link, timeUnixMs } = proto;
  if (link === undefined || link === '' || timeUnixMs === undefined || timeUnixMs === null) {
    throw new FeatureWindowsError('malformed', 'a sample without link or time_unix_ms');
  }
  const origin = originFromProto(proto.origin) ?? originWhenUnspecified;
  return {
    link,
    sequence: proto.sequence,
    timeUnixMs,
    intervalMs: proto.intervalMs,
    throughputBytesPerSecond: proto.throughputBytesPerSecond,
    packetsPerSecond: proto.packetsPerSecond,
    throughputPeakBytesPerSecond: proto.throughputPeakBytesPerSecond,
    queueBytes: proto.queueBytes,
    queuePackets: proto.queuePackets,
    queueHighWaterBytes: proto.queueHighWaterBytes,
    latencyP50Seconds: proto.latencyP50Seconds,
    latencyP95Seconds: proto.latencyP95Seconds,
    latencyP99Seconds: proto.latencyP99Seconds,
    connectionsPerSecond: proto.connectionsPerSecond,
    droppedPackets: proto.droppedPackets,
    droppedBytes: proto.droppedBytes,
    limitBytes: proto.limitBytes,
    drainBytesPerSecond: proto.drainBytesPerSecond,
    origin,
  };
}

/** `undefined` where the wire does not say, or says something this release does not know. */
export function originFromProto(origin: string | undefined): SampleOrigin | undefined {
  return origin === undefined ? undefined : originsByProto.get(origin);
}

/** The core's word for an origin in the word of the wire. */
export const originToProto: Readonly<Record<SampleOrigin, telemetry.SampleOrigin>> = {
  kernel: 'SAMPLE_ORIGIN_KERNEL',
  simulated: 'SAMPLE_ORIGIN_SIMULATED',
  proc: 'SAMPLE_ORIGIN_PROC',
  push: 'SAMPLE_ORIGIN_PUSH',
  replay: 'SAMPLE_ORIGIN_REPLAY',
  prometheus: 'SAMPLE_ORIGIN_PROMETHEUS',
};

const originsByProto: ReadonlyMap<string, SampleOrigin> = new Map(
  (Object.keys(originToProto) as SampleOrigin[]).map((origin) => [originToProto[origin], origin]),
);
