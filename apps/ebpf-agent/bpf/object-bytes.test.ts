import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireReal } from '@levitate/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

const here = import.meta.dirname;
const sources = readdirSync(here).filter((name) => /\.bpf\.[ch]$|^Makefile$/.test(name));
const object = 'levitate.bpf.o';

/** What `make check` says where the object cannot be rebuilt; exit code 2. */
const realClang = requireReal('the compiler of levitate.bpf.o', () => {
  for (const program of ['make', 'llvm-strip']) {
    if (spawnSync(program, ['--version']).error !== undefined) {
      const name = program === 'make' ? 'make' : 'llvm';
      return `${program} is not installed; on Debian: apt-get install ${name}`;
    }
  }
  const { status, stderr } = spawnSync('make', ['-s', '-C', here, 'check'], { encoding: 'utf8' });
  return status === 2 && /clang/.test(stderr) ? (stderr.split('\n')[0] ?? stderr) : true;
});

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
  spawnSync('tee', [source], {
    input: text.replace('#define SETPOINT 45875', '#define SETPOINT 1'),
  });
  const { status, stderr } = make('check');
  expect(stderr).toContain('run make bpf and commit it');
  expect(status).not.toBe(0);
});

it('another compiler is named in words instead of reported as a difference', () => {
  // `echo -dumpversion` stands for a compiler of a version that is no number we know.
  const { stderr, status } = make('check', 'CLANG=echo 99.1.0 #');
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/was built by clang 14, here is clang 99/);
  const missing = make('check', 'CLANG=no-such-compiler');
  expect(missing.stderr).toMatch(/no-such-compiler|clang is missing/);
});
