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
    expect(steady).toBeLessThan(1e6);
    // How much it is without depends on when the compiler's threads are done: up to 120 MB.
    let asItIs = 0;
    for (let run = 0; run < 20 && asItIs < 1e6; run++) asItIs = madeOld('as it is');
    expect(asItIs).toBeGreaterThan(1e6);
  }, 120_000);
});
