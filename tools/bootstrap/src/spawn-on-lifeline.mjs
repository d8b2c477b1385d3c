import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The descriptor that `spawnOnLifeline` uses; programs learn it from LEVITATE_LIFELINE_FD. */
const descriptor = 3;
const preload = fileURLToPath(new URL('./lifeline.mjs', import.meta.url));

/**
 * @typedef {'ignore' | 'inherit' | 'pipe'} Stdio
 * @typedef {object} LifelineProgram
 * @property {string} node the Node binary that runs it.
 * @property {string[]} args the script, then its own arguments.
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} env
 * @property {Stdio} stdout
 * @property {Stdio} stderr
 * @property {Stdio} [stdin] `ignore` unless told.
 */

/**
 * Starts a Node program in a process group of its own (so a Ctrl-C of the terminal does not reach
 * it) that ends when this process ends, whatever ends it.
 *
 * @param {LifelineProgram} program
 * @returns {import('node:child_process').ChildProcess}
 */
export function spawnOnLifeline({ node, args, cwd, env, stdout, stderr, stdin = 'ignore' }) {
  return spawn(node, ['--import', preload, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, LEVITATE_LIFELINE_FD: String(descriptor) },
    stdio: [stdin, stdout, stderr, 'pipe'],
    detached: true,
  });
}
