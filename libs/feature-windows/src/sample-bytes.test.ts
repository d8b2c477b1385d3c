import { messages } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleBytes } from './sample-bytes.ts';
import { originToProto, sampleToProto } from './sample-proto.ts';

const double = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true }), { nil: undefined });
const samples: fc.Arbitrary<Sample> = fc.record({
  link: fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }),
  sequence: fc.option(fc.maxSafeNat(), { nil: undefined }),
  timeUnixMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
  origin: fc.constantFrom(...(Object.keys(originToProto) as SampleOrigin[])),
  intervalMs: double,
  throughputBytesPerSecond: double,
  packetsPerSecond: double,
  throughputPeakBytesPerSecond: double,
  queueBytes: double,
  queuePackets: double,
  queueHighWaterBytes: double,
  latencyP50Seconds: double,
  latencyP95Seconds: double,
  latencyP99Seconds: double,
  connectionsPerSecond: double,
  droppedPackets: double,
  droppedBytes: double,
  limitBytes: double,
  drainBytesPerSecond: double,
});

it('its bytes are those of the general encoder, every field and none, all origins', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const general = messages.sample.encode(sampleToProto(sample));
      expect(sampleBytes(sample).equals(general)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('a name beyond every bound is refused, not cut', () => {
  const link = 'x'.repeat(5000);
  expect(() => sampleBytes({ link, origin: 'push', timeUnixMs: 0 })).toThrow('too long');
});
