import { type ChildProcess, spawn } from 'node:child_process';

/** How a program ended, with the end of what it printed. */
export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

const outputCharactersMax = 200_000;

/**
 * Runs a program to its end and keeps its output.
 *
 * @param program `live` shows the output as it comes, and then none is kept.
 * @param signal ends the program and everything it started.
 */
export function runProgram(
  program: {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly live?: boolean;
  },
  signal: AbortSignal,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.env,
      stdio: program.live === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputCharactersMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const stop = (): void => killGroup(child);
    signal.addEventListener('abort', stop, { once: true });
    const end = (result: ProgramResult): void => {
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    child.on('error', (error) => end({ code: 127, output: error.message }));
    child.on('close', (code) => end({ code: code ?? 1, output }));
  });
}

/** The program leads a process group, so that what it started ends with it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It ended in between.
  }
}
