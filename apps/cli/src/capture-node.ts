import { execFile } from 'node:child_process';

const outputBytesMax = 4 * 1024 * 1024;

/** Runs a script of ours to its end. @returns its exit code and what it printed, at most 4 MiB. */
export function captureNode(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env, maxBuffer: outputBytesMax },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
