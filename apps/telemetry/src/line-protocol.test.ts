import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkLine, pathLine } from './influx-points.ts';
import { lineOf } from './line-protocol.ts';

const timeUnixMs = 1_700_000_000_000.25;

it.each([
  ['edge-a', 'edge-a'],
  ['two words', String.raw`two\ words`],
  ['a,b=c', String.raw`a\,b\=c`],
  [String.raw`a\b`, String.raw`a\b`],
  ['ends in \\', 'ends\\ in\\ _'],
  ['"quoted"', '"quoted"'],
  ['Zürich', 'Zürich'],
  ['two\nlines', 'two_lines'],
])('a tag value %j stands as %j', (value, written) => {
  const line = lineOf({ measurement: 'm', tags: { link: value }, fields: { x: 1 }, timeUnixMs });
  expect(line).toBe(`m,link=${written} x=1 1700000000000250`);
});

it('a measurement keeps its equals sign, a field key does not', () => {
  const parts = { measurement: 'a=b, c', tags: {}, fields: { 'x=y z': 1.5 }, timeUnixMs: 0 };
  expect(lineOf(parts)).toBe(String.raw`a=b\,\ c x\=y\ z=1.5 0`);
});

it('what is missing or not finite has no field, zero has one', () => {
  const fields = { a: undefined, b: Number.NaN, c: Number.POSITIVE_INFINITY, d: 0, e: -1e-7 };
  expect(lineOf({ measurement: 'm', tags: {}, fields, timeUnixMs: 1 })).toBe('m d=0,e=-1e-7 1000');
});

it('a sample in which nothing was measured is no line', () => {
  expect(linkLine({ link: 'a', origin: 'kernel', timeUnixMs })).toBeUndefined();
  expect(pathLine({ path: 'a', origin: 'push', timeUnixMs })).toBeUndefined();
});

it('a sample of a link is tagged with its name and where it was measured', () => {
  const line = linkLine({
    link: 'edge a',
    origin: 'replay',
    timeUnixMs,
    intervalMs: 100,
    queueBytes: 0,
    latencyP99Seconds: 0.25,
  });
  const fields = 'interval_seconds=0.1,queue_bytes=0,latency_p99_seconds=0.25';
  expect(line).toBe(
    String.raw`levitate_link,link=edge\ a,origin=replay ${fields} 1700000000000250`,
  );
});

it('a sample of a path is a line of another measurement', () => {
  const line = pathLine({ path: 'a:b', origin: 'push', timeUnixMs, lossRatio: 0 });
  expect(line).toBe('levitate_path,origin=push,path=a:b loss_ratio=0 1700000000000250');
});

it('no name and no value makes a second line or a second field', () => {
  const unescaped = /(?<!\\) /g;
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.double(), (name, value) => {
      const tags = { link: name };
      const line = lineOf({ measurement: 'm', tags, fields: { x: value, y: 1 }, timeUnixMs });
      expect(line).not.toMatch(/[\r\n]/);
      expect(line?.match(unescaped)).toHaveLength(2);
      expect(line).toMatch(/(?:,| )y=1 1700000000000250$/);
    }),
  );
});
