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
    const asItIs = madeOld('as it is');
    const steady = madeOld('steady', serviceNodeArguments);
    expect(asItIs).toBeGreaterThan(10e6);
    expect(steady).toBeLessThan(asItIs / 3);
  });
});
