import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireReal } from '@levitate/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

const here = import.meta.dirname;
const sources = readdirSync(here).filter((name) => /\.bpf\.[ch]$|^Makefile$/.test(name));
const object = 'levitate.bpf.o';

const realMake = requireReal('make', () => isThere('make') || install('make', 'make'));

/** What `make check` says where the object cannot be rebuilt; exit code 2. */
const realClang = requireReal('the compiler of levitate.bpf.o', () => {
  if (realMake.missing !== undefined) return realMake.missing;
  if (!isThere('llvm-strip')) return install('llvm-strip', 'llvm');
  const { status, stderr } = spawnSync('make', ['-s', '-C', here, 'check'], { encoding: 'utf8' });
  return status === 2 && /clang/.test(stderr) ? (stderr.split('\n')[0] ?? stderr) : true;
});

function isThere(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

function install(program: string, debianPackage: string): string {
  return `${program} is not installed; on Debian: apt-get install ${debianPackage}`;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-bpf-'));
  for (const name of sources) copyFileSync(join(here, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = (...args: string[]) =>
  spawnSync('make', ['-s', '-C', folder, ...args], { encoding: 'utf8' });

it('the digest beside the object is its own: the loader refuses it otherwise', () => {
  const digest = createHash('sha256')
    .update(readFileSync(join(here, object)))
    .digest('hex');
  expect(readFileSync(join(here, `${object}.sha256`), 'utf8')).toBe(`${digest}  ${object}\n`);
});

realClang.it('the committed object is what the sources give, in any folder', () => {
  const { status, stderr } = make(object);
  expect(`${status} ${stderr}`).toBe('0 ');
  const fresh = readFileSync(join(folder, object));
  const committed = readFileSync(join(here, object));
  expect(fresh.equals(committed), 'run make bpf and commit levitate.bpf.o').toBe(true);
  expect(committed.includes(Buffer.from(here))).toBe(false);
});

realClang.it('the check sees an object that is not of these sources', () => {
  copyFileSync(join(here, object), join(folder, object));
  expect(make('check').status).toBe(0);
  const source = join(folder, 'virtual-queue.bpf.h');
  const text = readFileSync(source, 'utf8');
  rmSync(source);
  writeFileSync(source, text.replace('#define SETPOINT 45875', '#define SETPOINT 1'));
  const { status, stderr } = make('check');
  expect(stderr).toContain('run make bpf and commit it');
  expect(status).not.toBe(0);
});

realMake.it('another compiler is named in words instead of reported as a difference', () => {
  const other = join(folder, 'clang-99');
  writeFileSync(other, '#!/bin/sh\necho 99.1.0\n', { mode: 0o755 });
  const { stderr, status } = make('check', `CLANG=${other}`);
  expect(status).toBe(2);
  expect(stderr).toMatch(/was built by clang 14, here is clang 99/);
  const missing = make('check', `CLANG=${join(folder, 'none')}`);
  expect(missing.status).toBe(2);
  expect(missing.stderr).toMatch(/clang is missing; on Debian: apt-get install clang/);
});
