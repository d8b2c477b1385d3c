import { contracts, messages, type telemetry } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleBytes } from './sample-bytes.ts';
import { sampleOfBytes, samplesOfMessage } from './sample-of-bytes.ts';
import { originToProto, sampleFromProto } from './sample-proto.ts';
import { samplesMessage } from './samples-message.ts';

function optional(max: number, min = 0) {
  return fc.option(fc.double({ min, max, noNaN: true }), { nil: undefined });
}

const wide = optional(1e12);
const plain: fc.Arbitrary<Sample> = fc.record({
  link: fc.string({ minLength: 1, maxLength: 128 }),
  sequence: fc.option(fc.integer({ min: 0, max: 2 ** 48 }), { nil: undefined }),
  timeUnixMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
  origin: fc.constantFrom(...(Object.keys(originToProto) as SampleOrigin[])),
  intervalMs: optional(3_600_000, 1),
  throughputBytesPerSecond: wide,
  packetsPerSecond: wide,
  throughputPeakBytesPerSecond: wide,
  queueBytes: wide,
  queuePackets: wide,
  queueHighWaterBytes: wide,
  latencyP50Seconds: optional(3_600),
  latencyP95Seconds: optional(3_600),
  latencyP99Seconds: optional(3_600),
  connectionsPerSecond: optional(1e9),
  droppedPackets: wide,
  droppedBytes: wide,
  limitBytes: wide,
  drainBytesPerSecond: wide,
});

/** What the contract makes of the bytes; `undefined` where it refuses them. */
function generally(bytes: Buffer): Sample | undefined {
  try {
    const proto = messages.sample.decode(bytes);
    const violations = contracts.telemetry.validate.pushSamples({ samples: [proto] });
    return violations.length > 0 ? undefined : sampleFromProto(proto);
  } catch {
    return undefined;
  }
}

it('reads what is plainly a sample as the general decoder does', () => {
  fc.assert(
    fc.property(plain, (sample) => {
      const bytes = sampleBytes(sample);
      expect(sampleOfBytes(bytes)).toEqual(generally(bytes));
      expect(sampleOfBytes(bytes)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});

it('never says of any bytes what the contract would not', () => {
  const broken = fc
    .tuple(plain, fc.nat(), fc.uint8Array({ maxLength: 12 }), fc.nat(12))
    .map(([sample, at, put, cut]) => {
      const bytes = sampleBytes(sample);
      const place = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + cut)]);
    });
  fc.assert(
    fc.property(broken, (bytes) => {
      const quick = sampleOfBytes(bytes);
      if (quick !== undefined) expect(quick).toEqual(generally(bytes));
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['an empty one', Buffer.alloc(0)],
  ['a name of control characters', sampleBytes({ link: '\n', timeUnixMs: 1, origin: 'push' })],
  ['no time', sampleBytes({ link: 'a', timeUnixMs: Number.NaN, origin: 'push' })],
  ['less than nothing', sampleBytes({ link: 'a', timeUnixMs: 1, origin: 'push', queueBytes: -1 })],
])('leaves %s to the general decoder', (_, bytes) => {
  expect(sampleOfBytes(bytes)).toBeUndefined();
});

it('reads messages of both streams', () => {
  const decode = contracts.telemetry.definition.StreamSamples?.responseDeserialize as (
    bytes: Buffer,
  ) => telemetry.StreamSamplesResponse;
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 8 }), fc.nat(), (samples, lost) => {
      const { bytes } = samplesMessage(samples, lost);
      const general = decode(bytes);
      expect(samplesOfMessage(bytes)).toEqual({
        samples: general.samples.map((sample) => sampleFromProto(sample)),
        lost: general.lost,
      });
      if (bytes.length > 1) expect(samplesOfMessage(bytes.subarray(0, -1))).not.toEqual(general);
    }),
  );
});
