import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tally } from './check.ts';
import { runProgram } from './run-program.ts';
import { tallyFileVariable } from './tally-reporter.ts';

const reporter = fileURLToPath(new URL('./tally-reporter.ts', import.meta.url));

/** Runs vitest with its own live report on this screen, and counts what it found. */
export async function runTests(
  options: {
    readonly root: string;
    readonly env: NodeJS.ProcessEnv;
    /** Filters and flags for vitest. */
    readonly args: readonly string[];
  },
  signal: AbortSignal,
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-tests-'));
  const file = join(folder, 'tally.json');
  try {
    const { code } = await runProgram(
      {
        args: [
          'node_modules/.bin/vitest',
          'run',
          '--reporter=default',
          `--reporter=${reporter}`,
          ...options.args,
        ],
        cwd: options.root,
        env: { ...options.env, [tallyFileVariable]: file },
        live: true,
      },
      signal,
    );
    return tallyFrom(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that ended badly without a failure of its own to show for it is one failure. */
function tallyFrom(file: string, code: number): Tally {
  let tally: Tally = { passed: 0, failed: 0, skipped: [] };
  try {
    tally = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { ...tally, failed: 1 };
  }
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
