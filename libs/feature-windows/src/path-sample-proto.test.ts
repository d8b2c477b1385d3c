import { messages } from '@levitate/contracts';
import type { PathSample } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FeatureWindowsError } from './errors.ts';
import { pathSampleFromProto, pathSampleToProto } from './path-sample-proto.ts';

const value = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined });
const samples: fc.Arbitrary<PathSample> = fc.record({
  path: fc.string({ minLength: 1, maxLength: 20 }).map((name) => `p${name.length}`),
  sequence: fc.option(fc.nat(), { nil: undefined }),
  timeUnixMs: fc.double({ min: 0, max: 8e15, noNaN: true }),
  intervalMs: value,
  bandwidthBytesPerSecond: value,
  roundTripSeconds: value,
  lossRatio: fc.option(fc.constantFrom(0, 1e-9, 0.5, 1), { nil: undefined }),
  origin: fc.constantFrom('kernel', 'simulated', 'proc', 'push', 'replay', 'prometheus'),
});

it('a path sample comes back from its bytes as it was, missing values missing', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const bytes = messages.pathSample.encode(pathSampleToProto(sample));
      const back = pathSampleFromProto(messages.pathSample.decode(bytes));
      const present = (each: PathSample) =>
        Object.entries(each).filter(([, value]) => value !== undefined);
      expect(present(back).sort()).toEqual(present(sample).sort());
    }),
  );
});

it('an unspecified origin is what the caller says it is', () => {
  const proto = { path: 'a', timeUnixMs: 1, origin: 'SAMPLE_ORIGIN_UNSPECIFIED' } as const;
  expect(pathSampleFromProto(proto).origin).toBe('push');
  expect(pathSampleFromProto(proto, 'replay').origin).toBe('replay');
});

it('a message without path or time is malformed', () => {
  expect(() => pathSampleFromProto({ path: 'a' })).toThrow(FeatureWindowsError);
  expect(() => pathSampleFromProto({ path: '', timeUnixMs: 1 })).toThrow(FeatureWindowsError);
});
