import { spawnOnLifeline } from '@levitate/bootstrap';

/** How a program ended, with the end of what it printed. */
export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

const outputCharactersMax = 200_000;

/**
 * Runs a Node program to its end and keeps its output.
 *
 * @param program `args` are the script and its arguments; `live` shows the output as it comes, and
 *   then none is kept.
 * @param signal ends the program.
 */
export function runProgram(
  program: {
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly live?: boolean;
  },
  signal: AbortSignal,
): Promise<ProgramResult> {
  const stdio = program.live === true ? 'inherit' : 'pipe';
  return new Promise((resolve) => {
    const child = spawnOnLifeline({
      node: process.execPath,
      args: [...program.args],
      cwd: program.cwd,
      env: program.env,
      stdout: stdio,
      stderr: stdio,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputCharactersMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const stop = (): void => killGroup(child.pid);
    signal.addEventListener('abort', stop, { once: true });
    const end = (result: ProgramResult): void => {
      signal.removeEventListener('abort', stop);
      child.stdio[3]?.destroy();
      resolve(result);
    };
    child.on('error', (error) => end({ code: 127, output: error.message }));
    child.on('exit', (code) => setImmediate(() => end({ code: code ?? 1, output })));
  });
}

/** The program leads a process group, so that what it started ends with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It ended in between.
  }
}
