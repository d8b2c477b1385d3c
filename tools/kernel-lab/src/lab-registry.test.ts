import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  isOwnerAlive,
  readLabRecords,
  removeLabRecord,
  startTicksOf,
  writeLabRecord,
} from './lab-registry.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'lab-records-'));
const ours = { pid: process.pid, startTicks: startTicksOf(process.pid) ?? '' };

it('a record reads back as it was written, until it is removed', () => {
  const directory = folder();
  const record = { id: 'a', ...ours, namespaces: ['lev-a-src'] };
  writeLabRecord(directory, record);
  expect(readLabRecords(directory)).toEqual([record]);
  removeLabRecord(directory, 'a');
  expect(readLabRecords(directory)).toEqual([]);
});

it('a torn record and one that names a foreign namespace are left out', () => {
  const directory = folder();
  writeFileSync(join(directory, 'torn.json'), '{"id":"torn","pi');
  writeLabRecord(directory, { id: 'b', ...ours, namespaces: ['production'] });
  expect(readLabRecords(directory)).toEqual([]);
});

it('no folder means no labs', () => {
  expect(readLabRecords('/nonexistent/labs')).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'another start time under the same pid is another owner',
  () => {
    expect(isOwnerAlive(ours)).toBe(true);
    expect(isOwnerAlive({ ...ours, startTicks: '1' })).toBe(false);
  },
);
