import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Footprint, readFootprint } from './footprint.ts';
import { type FilterEntry, type PinEntry, parseFootprint } from './footprint-entry.ts';

const pin = (number: number): PinEntry => ({ kind: 'pin', path: `/p/${number}`, mapId: number });
const filter: FilterEntry = {
  kind: 'filter',
  netns: null,
  netnsInode: 4_026_531_840,
  ifindex: 3,
  direction: 'egress',
  handle: 19_574,
  priority: 19_574,
  programId: 12,
  clsact: 'making',
};

describe.runIf(process.platform === 'linux')('the record', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lev-footprint-'));
    path = join(folder, 'record.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is on disk after each change, and read back as it was', () => {
    const footprint = Footprint.open(path);
    const [one, two] = [pin(1), pin(2)];
    footprint.add(one, two, filter);
    expect(Footprint.open(path).entries).toEqual([one, two, filter]);
    footprint.replace(filter, { ...filter, clsact: 'made' });
    footprint.remove(one, pin(2));
    expect(Footprint.open(path).entries).toEqual([two, { ...filter, clsact: 'made' }]);
    expect(readdirSync(folder)).toEqual(['record.json']);
  });

  it('holds 2,048 entries and says so at the next', () => {
    const footprint = Footprint.open(path);
    footprint.add(...Array.from({ length: 2048 }, (_, at) => pin(at + 1)));
    const error = expect.objectContaining({ code: 'full' });
    expect(() => footprint.add(pin(1))).toThrow(error);
    expect(Footprint.open(path).entries).toHaveLength(2048);
  });

  it('that cannot be written changes nothing', () => {
    const footprint = Footprint.open(join(folder, 'none', 'record.json'));
    expect(() => footprint.add(pin(1))).toThrow(/nothing was changed in the kernel/);
    expect(footprint.entries).toEqual([]);
  });

  it('of another run of the machine is empty', () => {
    Footprint.open(path).add(pin(1));
    const content = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...content, bootId: 'another' }));
    expect(readFootprint(path)).toEqual([]);
  });

  it('of a process that lives is not taken over, of one that is gone it is', () => {
    Footprint.open(path).add(pin(1));
    const content = JSON.parse(readFileSync(path, 'utf8'));
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const owned = (owner: object) => writeFileSync(path, JSON.stringify({ ...content, owner }));
    owned({ pid: process.ppid, startTime });
    expect(() => Footprint.open(path)).toThrow(`process ${process.ppid} lives`);
    // The number was given to another process since.
    owned({ pid: process.ppid, startTime: '1' });
    expect(Footprint.open(path).entries).toEqual([pin(1)]);
  });

  it('that is no record is neither read nor overwritten', () => {
    for (const text of ['', '{', 'null', '[]', 'x'.repeat(2_000_000)]) {
      writeFileSync(path, text);
      expect(readFootprint(path)).toBe('unreadable');
      expect(() => Footprint.open(path)).toThrow(/not in a form/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});

const whole = { version: 1, bootId: 'b', owner: { pid: 7, startTime: '9' }, entries: [filter] };

it.each([
  ['another version', { ...whole, version: 2 }],
  ['no owner', { ...whole, owner: null }],
  ['entries that are no list', { ...whole, entries: {} }],
  ['an entry that is nothing', { ...whole, entries: [null] }],
  ['an entry of another kind', { ...whole, entries: [{ kind: 'qdisc' }] }],
  ['a pin without a number', { ...whole, entries: [{ kind: 'pin', path: '/p' }] }],
  ['a pin below no root', { ...whole, entries: [{ ...pin(1), path: 'p' }] }],
  ['a filter on no interface', { ...whole, entries: [{ ...filter, ifindex: 0 }] }],
  ['a filter on an unknown side', { ...whole, entries: [{ ...filter, direction: 'up' }] }],
  ['a filter of an unknown state', { ...whole, entries: [{ ...filter, clsact: 'gone' }] }],
  ['a namespace that is no path', { ...whole, entries: [{ ...filter, netns: 5 }] }],
])('%s is not read', (_, content) => {
  expect(parseFootprint(JSON.stringify(whole))?.entries).toEqual([filter]);
  expect(parseFootprint(JSON.stringify(content))).toBeUndefined();
});
