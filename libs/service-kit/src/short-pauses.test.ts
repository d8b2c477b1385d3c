import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('testdata/bulky-work.ts', import.meta.url));

const youngBytes = (pauses: 'short' | 'as they are') =>
  Number(execFileSync(process.execPath, [PROGRAM, pauses], { encoding: 'utf8' }));

describe('short pauses', () => {
  it('leave the young part of the heap as small as it starts, which V8 lets grow', () => {
    expect(youngBytes('short')).toBeLessThanOrEqual(4e6);
    expect(youngBytes('as they are')).toBeGreaterThan(8e6);
  }, 60_000);
});
