import { contracts, type telemetry } from '@levitate/contracts';
import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleToProto } from './sample-proto.ts';
import { samplesMessage } from './samples-message.ts';

const generals = [contracts.telemetry, contracts.ebpfAgent].map(
  ({ definition }) => definition.StreamSamples?.responseSerialize,
);

const sample = fc.record({
  link: fc.string({ minLength: 1, maxLength: 40 }),
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  timeUnixMs: fc.double({ min: 0, max: 1e13, noNaN: true }),
  queueBytes: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }),
  origin: fc.constantFrom('kernel', 'replay'),
}) satisfies fc.Arbitrary<Sample>;

it('a message is read as what the general encoder would have sent', () => {
  const lost = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 20 }), lost, (samples, count) => {
      const { bytes } = samplesMessage(samples, count);
      for (const [index, contract] of [contracts.telemetry, contracts.ebpfAgent].entries()) {
        const message = { samples: samples.map(sampleToProto), lost: count };
        const general = generals[index]?.(message) ?? Buffer.alloc(0);
        const read = (from: Buffer) =>
          contract.definition.StreamSamples?.responseDeserialize(
            from,
          ) as telemetry.StreamSamplesResponse;
        expect(read(bytes)).toEqual(read(general));
      }
    }),
  );
});
