import { contracts, messages } from '@levitate/contracts';
import type { Sample } from '@levitate/series';
import { linkCalls } from './link-calls.ts';
import { sampleBytes } from './sample-bytes.ts';
import { sampleOfBytes } from './sample-of-bytes.ts';
import { sampleFromProto } from './sample-proto.ts';
import type { SeriesKind } from './series-kind.ts';

/**
 * Samples of links: 60 s at 10 Hz, and as many links as one telemetry on one core is for (SPEC 2).
 * A follower may have 100,000 waiting: ten seconds of all of them, what a backlog may take.
 */
export const linkSeries: SeriesKind<Sample> = {
  noun: 'link',
  nameOf: ({ link }) => link,
  blank: (link, { timeUnixMs, origin }) => ({ link, timeUnixMs, origin }),
  bounds: {
    spanMs: 60_000,
    samplesMax: 600,
    seriesMax: 1000,
    seriesIdleMs: 60_000,
    followerSamplesMax: 100_000,
  },
  intervalMs: 100,
  entry: {
    keys: { samples: 'samples', names: 'links', announcements: 'announcements' },
    field: messages.sample.fullName,
    encode: sampleBytes,
    decode(bytes) {
      const sample = sampleOfBytes(bytes);
      if (sample !== undefined) return sample;
      const proto = messages.sample.decode(bytes);
      const violations = contracts.telemetry.validate.pushSamples({ samples: [proto] });
      return violations.length > 0 ? undefined : sampleFromProto(proto);
    },
  },
  calls: linkCalls,
};
