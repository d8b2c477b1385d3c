import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('takes no member of a training with other settings', () => {
  const path = folder();
  new MemberCheckpoints({ folder: path, fingerprint: 'x' }).write('member-0', ARRAYS);
  expect(new MemberCheckpoints({ folder: path, fingerprint: 'y' }).read('member-0')).toBe(
    undefined,
  );
});
