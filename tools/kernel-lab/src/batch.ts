import { spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';

/** One call of a system tool. */
export interface ToolCall {
  command: string;
  args: readonly string[];
  /** Lines for its standard input. */
  lines?: readonly string[] | undefined;
}

/**
 * Run a system tool to its end.
 *
 * @throws LabError `tool-missing` when it is not installed, `command-failed` with what it said
 */
export function runTool(call: ToolCall): Promise<void> {
  const { command, args, lines } = call;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 2_000) said += text;
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const isMissing = cause.code === 'ENOENT';
      const text = isMissing
        ? `"${command}" is not installed; on Debian: apt-get install iproute2`
        : `"${command}" could not be started: ${cause.message}`;
      reject(new LabError(isMissing ? 'tool-missing' : 'command-failed', text, { cause }));
    });
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const asked = `${command} ${args.join(' ')}`;
      reject(new LabError('command-failed', `"${asked}" ended with ${code}: ${said.trim()}`));
    });
    child.stdin.on('error', () => {}); // It ended early; its exit code says why.
    child.stdin.end(lines === undefined ? '' : `${lines.join('\n')}\n`);
  });
}
