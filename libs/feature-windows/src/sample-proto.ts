import type { telemetry } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';

/** For the wire. Missing values stay missing. */
export function sampleToProto(sample: Sample): telemetry.SampleInit {
  return { link: sample.link, ...valuesOf(sample), origin: originToProto[sample.origin] };
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
  return { link, ...valuesOf(proto), timeUnixMs, origin };
}

/** `undefined` where the wire does not say, or says something this release does not know. */
export function originFromProto(origin: string | undefined): SampleOrigin | undefined {
  return origins.find((each) => originToProto[each] === origin);
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

const origins = Object.keys(originToProto) as SampleOrigin[];

type Values = Omit<Sample, 'link' | 'origin'>;

/**
 * Every number of a sample, by name and always in one order: objects of one shape take a third of
 * the memory of those that grow key by key, and a window holds 600 of them per link.
 */
function valuesOf<Source extends Partial<Values>>(source: Source): Pick<Source, keyof Values> {
  const values: Required<{ [Field in keyof Values]: Source[Field] }> = {
    sequence: source.sequence,
    timeUnixMs: source.timeUnixMs,
    intervalMs: source.intervalMs,
    throughputBytesPerSecond: source.throughputBytesPerSecond,
    packetsPerSecond: source.packetsPerSecond,
    throughputPeakBytesPerSecond: source.throughputPeakBytesPerSecond,
    queueBytes: source.queueBytes,
    queuePackets: source.queuePackets,
    queueHighWaterBytes: source.queueHighWaterBytes,
    latencyP50Seconds: source.latencyP50Seconds,
    latencyP95Seconds: source.latencyP95Seconds,
    latencyP99Seconds: source.latencyP99Seconds,
    connectionsPerSecond: source.connectionsPerSecond,
    droppedPackets: source.droppedPackets,
    droppedBytes: source.droppedBytes,
    limitBytes: source.limitBytes,
    drainBytesPerSecond: source.drainBytesPerSecond,
  };
  return values;
}
