import { constants } from 'node:os';
import { spawnOnLifeline } from '@levitate/bootstrap';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs a script of ours on this screen until it ends; a Ctrl-C is passed on and waited for.
 * @returns its exit code, 128 + n when signal n ended it
 */
export function runNode(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const child = spawnOnLifeline({
    node: process.execPath,
    args: [...args],
    env: { ...surroundings.env },
    stdout: 'inherit',
    stderr: 'inherit',
  });
  const interrupt = (): void => {
    child.kill('SIGINT');
  };
  surroundings.signal.addEventListener('abort', interrupt, { once: true });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      surroundings.signal.removeEventListener('abort', interrupt);
      child.stdio[3]?.destroy();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
