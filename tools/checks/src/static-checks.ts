import type { Check } from './check.ts';
import { commandCheck } from './command-check.ts';
import { contractCheck } from './contract-check.ts';
import { typeChecks } from './type-checks.ts';

/**
 * What is checked without running our code, longest first: several are run at a time.
 *
 * @param isSmoke only what a nested first-run test needs to see.
 */
export function staticChecks(options: {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly isSmoke: boolean;
}): Check[] {
  const { root, isSmoke } = options;
  const env = { ...options.env, ...nxSettings };
  const command = (name: string, args: readonly string[]): Check => {
    const [program = '', ...rest] = args;
    return commandCheck({ name, command: program, args: rest, root, env });
  };
  const biome = command('biome (format, lint)', ['biome', 'ci', '--colors=off', '.']);
  if (isSmoke) return [biome];
  const wasm = ['nx', 'run-many', '--outputStyle=static', '-t', 'wasm'];
  return [
    ...typeChecks({ root, env }),
    command('eslint (module boundaries of every room)', ['eslint', 'apps', 'libs', 'tools']),
    biome,
    command('nx wasm (kernels are what their sources give)', wasm),
    command('knip (nothing unused)', ['knip', '--no-progress']),
    command('buf lint (contracts)', ['buf', 'lint', 'proto']),
    contractCheck({ root, env }),
  ];
}

/** Nx keeps to this folder and this process: no daemon, no cloud, no prompt, no colour. */
const nxSettings = {
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  NX_INTERACTIVE: 'false',
  NX_WORKSPACE_DATA_DIRECTORY: 'node_modules/.cache/nx-workspace',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};
