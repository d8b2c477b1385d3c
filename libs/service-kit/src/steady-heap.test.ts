import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { serviceNodeArguments } from './steady-heap.ts';

const PROGRAM = fileURLToPath(new URL('testdata/surviving-work.ts', import.meta.url));

function madeOld(heap: 'steady' | 'as it is', nodeArguments: readonly string[] = []): number {
  const args = [...nodeArguments, PROGRAM, heap];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

describe('a steady heap', () => {
  it('makes no short-lived object old from the start, as V8 does after a busy beginning', () => {
    const steady = madeOld('steady', serviceNodeArguments);
    // How much depends on when the compiler's threads are done: 0.1 to 120 MB.
    const asItIs = Math.max(...Array.from({ length: 3 }, () => madeOld('as it is')));
    expect(steady).toBeLessThan(1e6);
    expect(asItIs).toBeGreaterThan(10 * steady);
  }, 60_000);
});
