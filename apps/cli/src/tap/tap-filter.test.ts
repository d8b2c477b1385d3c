import { expect, it } from 'vitest';
import { kindsThatCanPass, tapFilter } from './tap-filter.ts';
import type { TapRecord } from './tap-record.ts';

const none = { links: [], targets: [], reasons: [] };
const sample = { kind: 'sample', link: 'eth0', droppedPackets: 3 } as TapRecord;
const decision = {
  kind: 'decision',
  link: 'eth0',
  target: 'uplink',
  reasons: ['burst-expected', 'minimum'],
  droppedPackets: 0,
} as unknown as TapRecord;
const event = { kind: 'event', link: 'eth1' } as TapRecord;
const passed = (options: object) =>
  [sample, decision, event].filter(tapFilter({ ...none, ...options })).map(({ kind }) => kind);

it('each filter lets pass what has the value and matches', () => {
  expect(passed({})).toEqual(['sample', 'decision', 'event']);
  expect(passed({ links: ['eth0'] })).toEqual(['sample', 'decision']);
  expect(passed({ links: ['*1', 'x'] })).toEqual(['event']);
  expect(passed({ targets: ['up*'] })).toEqual(['decision']);
  expect(passed({ reasons: ['min*'] })).toEqual(['decision']);
  expect(passed({ reasons: ['maximum'] })).toEqual([]);
  expect(passed({ dropsMin: 0 })).toEqual(['sample', 'decision']);
  expect(passed({ dropsMin: 3 })).toEqual(['sample']);
  expect(passed({ dropsMin: 4 })).toEqual([]);
});

it('a sample whose drops were not measured does not pass for none', () => {
  const unmeasured = { kind: 'sample', link: 'eth0' } as TapRecord;
  expect(tapFilter({ ...none, dropsMin: 0 })(unmeasured)).toBe(false);
});

it('kinds that cannot pass are not even fetched, and no record of them would have passed', () => {
  const kinds = ['sample', 'decision', 'event'] as const;
  for (const options of [{}, { targets: ['*'] }, { reasons: ['*'] }, { dropsMin: 0 }]) {
    expect(kindsThatCanPass(kinds, { ...none, ...options })).toEqual(passed(options));
  }
});
