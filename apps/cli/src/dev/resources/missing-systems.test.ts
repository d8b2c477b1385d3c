import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../programs.ts';
import { missingSystem } from './missing-systems.ts';

it('a pool of workers needs nothing but Node, others Linux', () => {
  expect(missingSystem('worker-pool', { path: '', platform: 'darwin' })).toBeUndefined();
  expect(missingSystem('haproxy', { path: '', platform: 'darwin' })).toMatch(/Linux only/);
});

it('what is missing comes with its package', () => {
  const bare = { path: '', platform: 'linux', find: () => undefined } as const;
  expect(missingSystem('pgbouncer', bare)).toBe(
    'pgbouncer and postgresql and setpriv not found; ' +
      'on Debian: apt-get install pgbouncer postgresql util-linux',
  );
});

it('a program is found by any of its names, on the search path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-programs-'));
  try {
    const file = join(folder, 'newer');
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    const program = { what: 'it', names: ['older', 'newer'], debian: 'it' };
    expect(findProgram(program, `/nowhere:${folder}`)).toBe(file);
    expect(findProgram(program, '/nowhere')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
