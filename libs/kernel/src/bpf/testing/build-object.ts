import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const MACHINES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * Compile a program beside this file, as `make bpf` does those of the agent.
 * @param folder where the object goes @returns its path
 */
export function buildObject(name: 'tiny' | 'rejected', folder: string): string {
  const object = join(folder, `${name}.bpf.o`);
  // Debian keeps the machine's part of the headers apart, and the target `bpf` does not look there.
  const machine = `/usr/include/${MACHINES[process.arch] ?? process.arch}-linux-gnu`;
  const source = join(import.meta.dirname, `${name}.bpf.c`);
  execFileSync(
    'clang',
    ['-O2', '-g', '-Wall', '-Werror', '-target', 'bpf', `-I${machine}`, '-c', source, '-o', object],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return object;
}
