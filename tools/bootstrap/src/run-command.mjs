import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BootstrapError } from './bootstrap-error.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { findNode24, withNode24First } from './node24.mjs';
import { runForeground } from './run-foreground.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** What each npm script runs, from the root of the clone, by Node 24. */
const programs = {
  start: ['apps/cli/src/main.ts', 'dev'],
  test: ['tools/checks/src/main.ts'],
  'tfjs-node': ['tools/tfjs-node/src/main.ts'],
};

/**
 * Takes a clone from nothing to the running command: installs what the lockfile names and is not
 * there, finds Node 24, runs the program and ends as it ends.
 *
 * @param {string[]} args a name of `programs`, then what the program itself is to get.
 * @returns {Promise<void>} the outcome is `process.exitCode` (2: the clone cannot be made ready).
 */
export async function runCommand(args) {
  const [name, ...rest] = args;
  const program = Object.entries(programs).find(([key]) => key === name)?.[1];
  if (program === undefined) {
    const known = Object.keys(programs).join(', ');
    console.error(`levitate: bootstrap knows ${known}, not "${name ?? ''}"`);
    process.exitCode = 2;
    return;
  }
  try {
    await ensureInstalled({ root, say: (line) => console.error(`levitate: ${line}`) });
    const node = findNode24({ root });
    if (node === undefined) throw noNode24();
    process.exitCode = await runForeground({
      node,
      args: [...program, ...rest],
      cwd: root,
      env: withNode24First(process.env, node),
    });
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.report());
    process.exitCode = 2;
  }
}

function noNode24() {
  return new BootstrapError({
    what: `no Node 24 for ${process.platform} ${process.arch} in node_modules`,
    why: `this is Node ${process.versions.node}, and the sources are TypeScript that Node 24 runs`,
    next: 'run `npm ci` (it brings one on Linux and macOS), or install Node 24 (nodejs.org, nvm)',
  });
}
