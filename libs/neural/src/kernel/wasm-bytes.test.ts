import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the committed modules are what the sources in assembly/ give', () => {
  const build = join(import.meta.dirname, '../../assembly/build.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'levitate-wasm-'));
  try {
    execFileSync(process.execPath, [build, folder]);
    for (const file of ['simd.wasm', 'relaxed-simd.wasm']) {
      const committed = readFileSync(join(import.meta.dirname, 'wasm', file));
      const isSame = readFileSync(join(folder, file)).equals(committed);
      expect(isSame, `${file}: run node libs/neural/assembly/build.mjs and commit it`).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
