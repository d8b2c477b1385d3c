import { spawn } from 'node:child_process';
import { TfjsNodeError } from './tfjs-node-error.ts';

const outputBytesMax = 64 * 1024;
const linesShownMax = 4;

/** One program of the build. */
export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** A download that hangs ends the build with a sentence instead of never. */
  readonly secondsMax: number;
  readonly env?: NodeJS.ProcessEnv;
  /** What it means when the program fails. */
  readonly failure: { readonly code: TfjsNodeError['code']; what: string; next: string };
}

/**
 * Runs a program to its end, keeping the last 64 KiB of what it says for the error.
 *
 * @throws {TfjsNodeError} as `failure` says, when it ends with anything but 0 or not in time.
 */
export async function runStep(step: Step): Promise<string> {
  const { code, output, isLate } = await run(step);
  if (code === 0) return output;
  const ending = isLate ? `was stopped after ${step.secondsMax} s` : `ended with ${code}`;
  const why = `${step.command} ${ending}: ${lastWords(output)}`;
  throw new TfjsNodeError({ ...step.failure, why });
}

function run(step: Step): Promise<{ code: number | null; output: string; isLate: boolean }> {
  return new Promise((resolve) => {
    let output = '';
    let isLate = false;
    const { cwd, env = process.env } = step;
    const child = spawn(step.command, step.args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const limit = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, step.secondsMax * 1000);
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-outputBytesMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (code: number | null) => {
      clearTimeout(limit);
      resolve({ code, output, isLate });
    };
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', end);
  });
}

/** The lines that say "error", else the last ones. */
function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const spoken = lines.filter((line) => line !== '');
  const errors = spoken.filter((line) => /error/i.test(line));
  const chosen = errors.length > 0 ? errors.slice(0, linesShownMax) : spoken.slice(-linesShownMax);
  return chosen.length === 0 ? 'it said nothing' : chosen.join('; ');
}
