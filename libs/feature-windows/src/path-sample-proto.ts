import type { telemetry } from '@levitate/contracts';
import type { PathSample, SampleOrigin } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';
import { originFromProto, originToProto } from './sample-proto.ts';

/** For the wire. Missing values stay missing. */
export function pathSampleToProto(sample: PathSample): telemetry.PathSampleInit {
  return { path: sample.path, ...valuesOf(sample), origin: originToProto[sample.origin] };
}

/**
 * From the wire, after validation. Missing values stay missing.
 *
 * @param originWhenUnspecified what a sender that names no origin counts as.
 * @throws FeatureWindowsError `malformed` without a path or a time.
 */
export function pathSampleFromProto(
  proto: telemetry.PathSampleInit,
  originWhenUnspecified: SampleOrigin = 'push',
): PathSample {
  const { path, timeUnixMs } = proto;
  if (path === undefined || path === '' || timeUnixMs === undefined || timeUnixMs === null) {
    throw new FeatureWindowsError('malformed', 'a path sample without path or time_unix_ms');
  }
  const origin = originFromProto(proto.origin) ?? originWhenUnspecified;
  return { path, ...valuesOf(proto), timeUnixMs, origin };
}

type Values = Omit<PathSample, 'path' | 'origin'>;

/** Every number by name and in one order: objects of one shape take the least memory. */
function valuesOf<Source extends Partial<Values>>(source: Source): Pick<Source, keyof Values> {
  const values: Required<{ [Field in keyof Values]: Source[Field] }> = {
    sequence: source.sequence,
    timeUnixMs: source.timeUnixMs,
    intervalMs: source.intervalMs,
    bandwidthBytesPerSecond: source.bandwidthBytesPerSecond,
    roundTripSeconds: source.roundTripSeconds,
    lossRatio: source.lossRatio,
  };
  return values;
}
