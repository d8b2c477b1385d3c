import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckOutcome } from './check.ts';
import { git } from './git.ts';
import { runProgram } from './run-program.ts';

interface Where {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * `buf breaking`: no message, field or RPC that was released (the last `v*` tag; before the first
 * release, branch `main`) changes its meaning or goes away.
 */
export function contractCheck(where: Where): Check {
  return {
    name: 'buf breaking (contracts stay readable)',
    run: async (signal) => {
      const base = await baseRevision(where, signal);
      if (base === undefined) return skipped('there is no release tag and no branch main');
      const folder = mkdtempSync(join(tmpdir(), 'levitate-contracts-'));
      try {
        return await compare({ ...where, base, archive: join(folder, 'base.tar') }, signal);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function compare(
  { root, env, base, archive }: Where & { readonly base: string; readonly archive: string },
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const archiveArgs = ['archive', '--format=tar', '-o', archive, base, 'proto'];
  if ((await git(archiveArgs, { root, signal })) === undefined) {
    return skipped(`${base} holds no contracts to compare with`);
  }
  const args = ['breaking', 'proto', '--against', `${archive}#subdir=proto`];
  const buf = { args: ['node_modules/.bin/buf', ...args], cwd: root, env };
  const { code, output } = await runProgram(buf, signal);
  if (code === 0) return { kind: 'passed', note: `against ${base}` };
  return { kind: 'failed', output: `against ${base}:\n${output}` };
}

async function baseRevision({ root }: Where, signal: AbortSignal): Promise<string | undefined> {
  const tag = await git(['describe', '--tags', '--abbrev=0', '--match', 'v*'], { root, signal });
  if (tag !== undefined) return tag;
  for (const branch of ['main', 'origin/main']) {
    const verify = ['rev-parse', '--verify', '--quiet', `${branch}^{commit}`];
    if ((await git(verify, { root, signal })) !== undefined) return branch;
  }
  return undefined;
}

function skipped(reason: string): CheckOutcome {
  return { kind: 'skipped', reason };
}
