// Builds the two modules of the WASM kernel from the sources beside this file, into the folder that
// is named (default: where the kernel reads them, and where they are committed).
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const into = process.argv[2] ?? join(here, '../src/kernel/wasm');
mkdirSync(into, { recursive: true });

const builds = [
  { file: 'simd.wasm', features: ['simd', 'threads'] },
  { file: 'relaxed-simd.wasm', features: ['simd', 'threads', 'relaxed-simd'] },
];
for (const { file, features } of builds) {
  const { error, stderr } = await asc.main([
    ...[join(here, 'index.ts'), '--outFile', join(into, file)],
    // No objects, no runtime: only loops over memory that the kernel brings and lays out.
    ...['--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0'],
    ...['--importMemory', '--sharedMemory'],
    ...['--initialMemory', '1', '--maximumMemory', '32768'],
    // Constants lie below what `WasmMemory` gives away.
    ...['--memoryBase', '64'],
    ...features.flatMap((feature) => ['--enable', feature]),
  ]);
  if (error !== null) {
    process.stderr.write(stderr.toString());
    throw error;
  }
}
