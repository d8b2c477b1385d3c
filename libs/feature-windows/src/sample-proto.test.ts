import { messages } from '@levitate/contracts';
import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FeatureWindowsError } from './errors.ts';
import { sampleFromProto, sampleToProto } from './sample-proto.ts';

const value = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined });
const samples: fc.Arbitrary<Sample> = fc.record({
  link: fc.string({ minLength: 1, maxLength: 20 }).map((name) => `l${name.length}`),
  sequence: fc.option(fc.nat(), { nil: undefined }),
  timeUnixMs: fc.double({ min: 0, max: 8e15, noNaN: true }),
  intervalMs: value,
  throughputBytesPerSecond: value,
  packetsPerSecond: value,
  throughputPeakBytesPerSecond: value,
  queueBytes: value,
  queuePackets: value,
  queueHighWaterBytes: value,
  latencyP50Seconds: value,
  latencyP95Seconds: value,
  latencyP99Seconds: value,
  connectionsPerSecond: value,
  droppedPackets: value,
  droppedBytes: value,
  limitBytes: value,
  drainBytesPerSecond: value,
  origin: fc.constantFrom('kernel', 'simulated', 'proc', 'push', 'replay'),
});

it('a sample comes back from its bytes as it was, missing values missing', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const bytes = messages.sample.encode(sampleToProto(sample));
      const back = sampleFromProto(messages.sample.decode(bytes));
      const present = (each: Sample) =>
        Object.entries(each).filter(([, value]) => value !== undefined);
      expect(present(back).sort()).toEqual(present(sample).sort());
    }),
  );
});

it('an unspecified origin is what the caller says it is', () => {
  const proto = { link: 'a', timeUnixMs: 1, origin: 'SAMPLE_ORIGIN_UNSPECIFIED' } as const;
  expect(sampleFromProto(proto).origin).toBe('push');
  expect(sampleFromProto(proto, 'kernel').origin).toBe('kernel');
});

it('a message without link or time is malformed', () => {
  expect(() => sampleFromProto({ link: 'a' })).toThrow(FeatureWindowsError);
  expect(() => sampleFromProto({ link: '', timeUnixMs: 1 })).toThrow(FeatureWindowsError);
});
