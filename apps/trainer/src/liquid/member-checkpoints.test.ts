import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError } from '@levitate/neural';
import { expect, it, onTestFinished } from 'vitest';
import { MemberCheckpoints } from './member-checkpoints.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-members-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const ARRAYS = { a: { shape: [3], data: Float64Array.of(0.1, 1 / 3, -5e-324) } };

it('gives back a member that is done to the last bit, until it is cleared', () => {
  const checkpoints = new MemberCheckpoints({ folder: folder(), fingerprint: 'x' });
  expect(checkpoints.read('member-0')).toBeUndefined();
  checkpoints.write('member-0', ARRAYS);
  expect(checkpoints.read('member-0')?.a?.data).toEqual([0.1, 1 / 3, -5e-324]);
  checkpoints.clear(['member-0', 'member-1']);
  expect(checkpoints.read('member-0')).toBeUndefined();
});

it('refuses a member of a training with other settings, and says in what they differ', () => {
  const path = folder();
  const of = (fingerprint: object) =>
    new MemberCheckpoints({ folder: path, fingerprint: JSON.stringify(fingerprint) });
  of({ updates: 60 }).write('member-0', ARRAYS);
  expect(of({ updates: 60 }).read('member-0')).toBeDefined();
  expect(() => of({ updates: 90 }).read('member-0')).toThrow(/updates is 60 there, 90 here/);
});

it.each(['{"fing', '{}', '7'])('refuses %s, which is no checkpoint', (text) => {
  const path = folder();
  writeFileSync(join(path, 'member-0.json'), text);
  const checkpoints = new MemberCheckpoints({ folder: path, fingerprint: '{}' });
  expect(() => checkpoints.read('member-0')).toThrow(CheckpointError);
});
