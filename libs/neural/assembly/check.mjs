// Whether the committed modules are what the sources beside this file give. `npm test` runs it by
// Nx, which remembers the answer until one of the files or the lockfile changes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const committed = join(here, '../src/kernel/wasm');
const built = mkdtempSync(join(tmpdir(), 'levitate-wasm-'));
try {
  execFileSync(process.execPath, [join(here, 'build.mjs'), built]);
  const files = new Set([...readdirSync(built), ...readdirSync(committed)]);
  for (const file of files) {
    if (bytesOf(join(built, file)) === bytesOf(join(committed, file))) continue;
    process.stderr.write(`${file} is not what libs/neural/assembly gives.\n`);
    process.stderr.write('next: node libs/neural/assembly/build.mjs, and commit what it wrote\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(built, { recursive: true, force: true });
}

/** The bytes as a string; none where there is no file. */
function bytesOf(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
