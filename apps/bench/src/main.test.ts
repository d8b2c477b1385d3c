import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = new URL('main.ts', import.meta.url).pathname;

function bench(...argv: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'levitate-bench-main-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...argv], { cwd }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('the bench command', () => {
  it('exits with 2 and names the benches there are when it is asked for another', async () => {
    const { code, stdout, stderr } = await bench('flying');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const name of ['bandwidth', 'burst', 'engines', 'levitation', 'liquid', 'overhead']) {
      expect(stderr).toMatch(new RegExp(`there are: .*\\b${name}, `));
    }
  });

  it('exits with 2 when the data folder is not there', async () => {
    const { code, stderr } = await bench('overhead', '--data', 'no/such/folder');
    expect(code).toBe(2);
    expect(stderr).toContain('no/such/folder');
  });

  it('prints its help and exits with 0', async () => {
    const { code, stdout } = await bench('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Example: levitate bench/);
  });
});
