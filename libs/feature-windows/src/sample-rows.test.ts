import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleRows } from './sample-rows.ts';

const sample = fc.record(
  {
    link: fc.constant('a'),
    timeUnixMs: fc.integer({ min: 0, max: 1e6 }),
    origin: fc.constantFrom('kernel', 'push'),
    sequence: fc.integer({ min: 1, max: 1000 }),
    queueBytes: fc.double({ noNaN: true, noDefaultInfinity: true }),
    droppedPackets: fc.integer({ min: 0, max: 9 }),
  },
  { requiredKeys: ['link', 'timeUnixMs', 'origin'] },
) as fc.Arbitrary<Sample>;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('push'), sample }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert'), sample, at: fc.nat(100) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('drop') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate'), at: fc.nat(100) }) },
) as fc.Arbitrary<{ kind: string; sample: Sample; at: number }>;

it('holds what an array of the samples would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const rows = new SampleRows<Sample>();
      let array: Sample[] = [];
      for (const { kind, sample: one, at } of steps) {
        const index = at % (array.length + 1);
        if (kind === 'push') {
          rows.insert(array.length, one);
          array.push(one);
        } else if (kind === 'insert') {
          rows.insert(index, one);
          array.splice(index, 0, one);
        } else if (kind === 'truncate') {
          rows.truncate(index);
          array = array.slice(0, index);
        } else if (array.length > 0) {
          rows.dropFirst();
          array.shift();
        }
        expect(rows.length).toBe(array.length);
        expect(array.map((_, each) => rows.timeUnixMs(each))).toEqual(
          array.map(({ timeUnixMs }) => timeUnixMs),
        );
      }
      expect(rows.read()).toEqual(array);
    }),
  );
});

it('what is missing is not there', () => {
  const rows = new SampleRows<Sample>();
  rows.insert(0, { link: 'a', timeUnixMs: 1, origin: 'push', queueBytes: 0 });
  rows.insert(1, { link: 'a', timeUnixMs: 2, origin: 'push', queueBytes: undefined });
  expect(rows.at(0)).toEqual({ link: 'a', timeUnixMs: 1, origin: 'push', queueBytes: 0 });
  expect(Object.keys(rows.at(1))).not.toContain('queueBytes');
});

it('a window that moves on is right over any number of blocks', () => {
  const rows = new SampleRows<Sample>();
  const one = (timeUnixMs: number): Sample => ({ link: 'a', timeUnixMs, origin: 'push' });
  for (let at = 0; at < 1000; at += 1) {
    rows.insert(rows.length, at % 7 === 0 ? { ...one(at), queueBytes: at } : one(at));
    if (rows.length > 150) rows.dropFirst();
  }
  rows.insert(70, { ...one(919.5), droppedPackets: 3 });
  const times = Array.from({ length: 150 }, (_, index) => 850 + index);
  expect(rows.read().map(({ timeUnixMs }) => timeUnixMs)).toEqual(times.toSpliced(70, 0, 919.5));
  expect(rows.read().filter(({ queueBytes }) => queueBytes !== undefined)).toEqual(
    times.filter((at) => at % 7 === 0).map((at) => ({ ...one(at), queueBytes: at })),
  );
  expect(rows.at(70)).toEqual({ ...one(919.5), droppedPackets: 3 });
});
