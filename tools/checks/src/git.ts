import { execFile } from 'node:child_process';

/** Runs git. @returns what it printed, trimmed; `undefined` when it ended with an error. */
export function git(
  args: readonly string[],
  { root, signal }: { readonly root: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('git', args, { cwd: root, signal }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
