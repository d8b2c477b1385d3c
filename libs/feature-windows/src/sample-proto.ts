import type { telemetry } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';

/** For the wire. Missing values stay missing. */
export function sampleToProto(sample: Sample): telemetry.SampleInit {
  const proto: telemetry.SampleInit = { link: sample.link, origin: originToProto[sample.origin] };
  for (const field of numberFields) {
    const value = sample[field];
    if (value !== undefined) proto[field] = value;
  }
  return proto;
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
  const sample: Sample = { link, timeUnixMs, origin };
  for (const field of numberFields) {
    const value = proto[field];
    if (value !== undefined && value !== null) sample[field] = value;
  }
  return sample;
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
};

const origins = Object.keys(originToProto) as SampleOrigin[];

type NumberField = Exclude<keyof Sample, 'link' | 'origin'>;

const numberFields = [
  'sequence',
  'timeUnixMs',
  'intervalMs',
  'throughputBytesPerSecond',
  'packetsPerSecond',
  'throughputPeakBytesPerSecond',
  'queueBytes',
  'queuePackets',
  'queueHighWaterBytes',
  'latencyP50Seconds',
  'latencyP95Seconds',
  'latencyP99Seconds',
  'connectionsPerSecond',
  'droppedPackets',
  'droppedBytes',
  'limitBytes',
  'drainBytesPerSecond',
] as const satisfies readonly NumberField[];

/** Fails to compile when a field of `Sample` is not carried over the wire. */
type Carried = (typeof numberFields)[number];
const _everyFieldIsCarried: NumberField extends Carried ? true : never = true;
void _everyFieldIsCarried;
