import type { Check } from './check.ts';
import { commandCheck } from './command-check.ts';
import { contractCheck } from './contract-check.ts';

/**
 * What is checked without running our code, quickest first.
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
  const nx = ['nx', 'run-many', '--parallel=2', '--outputStyle=static'];
  return [
    biome,
    command('buf lint (contracts)', ['buf', 'lint', 'proto']),
    contractCheck({ root, env }),
    command('nx lint (module boundaries of every room)', [...nx, '-t', 'lint']),
    command('nx typecheck (every room)', [...nx, '-t', 'typecheck']),
    command('nx wasm (kernels are what their sources give)', [...nx, '-t', 'wasm']),
    command('knip (nothing unused)', ['knip', '--no-progress']),
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
