import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Run the command of a room that calls `runFaults`, in a process of its own: only there can modules
 * be loaded with bugs in them. What it prints is passed on.
 * @returns its exit code; 0: every rule was kept, no bug survived
 */
export async function playCommand(script: URL, ...flags: string[]): Promise<number> {
  const child = spawn(process.execPath, [script.pathname, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.pipe(process.stdout, { end: false });
  const [code] = await once(child, 'close');
  return Number(code ?? 1);
}
