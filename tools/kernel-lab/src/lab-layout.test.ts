import { expect, it } from 'vitest';
import { LabError } from './lab-error.ts';
import { buildCommands, LANES_MAX, type LaneSpec, layOutLab } from './lab-layout.ts';

const lanes = (count: number): LaneSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `lane-${i}`,
    drainBitsPerSecond: 1e8,
    limitBytes: 512_000,
  }));

it('a full lab gives every lane addresses and interfaces of its own', () => {
  const layout = layOutLab({ id: 'full', lanes: lanes(LANES_MAX) });
  const all = layout.lanes.flatMap((lane) => [
    lane.sourceAddress,
    lane.destinationAddress,
    lane.sinkAddress,
    ...Object.values(lane.interfaces),
  ]);
  expect(new Set(all).size).toBe(all.length);
  for (const octets of all.filter((text) => text.startsWith('10.'))) {
    expect(octets.split('.').every((part) => Number(part) <= 255)).toBe(true);
  }
});

it('no interface name is longer than the kernel takes', () => {
  const layout = layOutLab({ id: 'full', lanes: lanes(LANES_MAX) });
  const names = layout.lanes.flatMap((lane) => Object.values(lane.interfaces));
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(15);
});

it('the bottleneck is a token bucket of the asked rate and limit', () => {
  const { qdiscs } = buildCommands(layOutLab({ id: 'a', lanes: lanes(1) }));
  expect(qdiscs).toEqual([
    'qdisc add dev out0 root handle 1: tbf rate 100000000bit burst 16k limit 512000',
  ]);
});

const wrong: [string, { id: string; lanes: LaneSpec[] }, RegExp][] = [
  ['an id with a blank', { id: 'a b', lanes: lanes(1) }, /lab id "a b"/],
  ['no lane', { id: 'a', lanes: [] }, /1 to 250 lanes, asked: 0/],
  ['too many lanes', { id: 'a', lanes: lanes(251) }, /1 to 250 lanes, asked: 251/],
  [
    'two lanes of one name',
    { id: 'a', lanes: [...lanes(1), ...lanes(1)] },
    /two lanes are named "lane-0"/,
  ],
  [
    'a drain that is not a number',
    { id: 'a', lanes: [{ name: 'x', drainBitsPerSecond: Number.NaN, limitBytes: 5e5 }] },
    /drains NaN bits\/s/,
  ],
  [
    'a limit below one packet',
    { id: 'a', lanes: [{ name: 'x', drainBitsPerSecond: 1e8, limitBytes: 100 }] },
    /limit of 100 bytes/,
  ],
];
it.each(wrong)(
  '%s is refused with the field, what was given and what is allowed',
  (_, bad, text) => {
    expect(() => layOutLab(bad)).toThrow(LabError);
    expect(() => layOutLab(bad)).toThrow(text);
  },
);
