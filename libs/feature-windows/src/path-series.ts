import { contracts, messages } from '@levitate/contracts';
import type { PathSample } from '@levitate/series';
import { pathCalls } from './path-calls.ts';
import { pathSampleFromProto, pathSampleToProto } from './path-sample-proto.ts';
import type { SeriesKind } from './series-kind.ts';

/**
 * Samples of paths: 300 s at 1 Hz, three times what the bandwidth forecast reads (SPEC 3.2), so
 * that a hole in them leaves it enough. A follower may have 100,000 waiting: 100 s of 1,000 paths.
 */
export const pathSeries: SeriesKind<PathSample> = {
  noun: 'path',
  nameOf: ({ path }) => path,
  blank: (path, { timeUnixMs, origin }) => ({ path, timeUnixMs, origin }),
  bounds: {
    spanMs: 300_000,
    samplesMax: 300,
    seriesMax: 1000,
    seriesIdleMs: 300_000,
    followerSamplesMax: 100_000,
  },
  intervalMs: 1000,
  entry: {
    keys: { samples: 'path-samples', names: 'paths', announcements: 'path-announcements' },
    field: messages.pathSample.fullName,
    encode: (sample) => messages.pathSample.encode(pathSampleToProto(sample)),
    decode(bytes) {
      const proto = messages.pathSample.decode(bytes);
      const violations = contracts.telemetry.validate.pushPathSamples({ samples: [proto] });
      return violations.length > 0 ? undefined : pathSampleFromProto(proto);
    },
  },
  calls: pathCalls,
};
