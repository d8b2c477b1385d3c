import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = new URL('main.ts', import.meta.url).pathname;

function train(...argv: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'levitate-trainer-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...argv], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

// A process that loads every training there is, on a host that may be busy.
describe('the train command', { timeout: 60_000 }, () => {
  it('exits with 2 and says all that is wrong with its arguments', async () => {
    const { code, stdout, stderr } = await train('flying');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('no training "flying"; there are:');
    expect(stderr).toContain('--data is missing');
  });

  it('prints its help and exits with 0', async () => {
    const { code, stdout } = await train('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Example: levitate train/);
  });
});
