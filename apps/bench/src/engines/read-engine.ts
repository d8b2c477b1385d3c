import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchContext } from '../bench.ts';
import type { EngineName, EngineReading, EngineReadings } from './engine-readings.ts';

const program = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
const run = promisify(execFile);
/** For each of the two figures; a plain engine needs longer for its three steps. */
const seconds = { full: 5, quick: 0.5 };

/** Measures one engine in a process of its own, on one core where the system can hold it there. */
export async function readEngine(
  name: EngineName,
  { seed, quick, signal }: Pick<BenchContext, 'seed' | 'quick' | 'signal'>,
): Promise<EngineReadings> {
  const budget = quick ? seconds.quick : seconds.full;
  const node = [process.execPath, program, name, String(seed), String(budget)];
  const [command = '', ...args] = [...pinning(), ...node];
  try {
    const { stdout } = await run(command, args, { signal, timeout: 300_000 });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    return { name, reading: JSON.parse(last) as EngineReading };
  } catch (error) {
    if (signal.aborted) throw error;
    return { name, reading: reasonOf(error) };
  }
}

/**
 * `taskset` to the last processor this process may use, on Linux. Libraries that count processors
 * would still start a thread for each, which then wait for one another: they are told.
 */
function pinning(): string[] {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/taskset')) return [];
  const status = readFileSync('/proc/self/status', 'utf8');
  const allowed = /Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '0';
  const oneThread = ['env', 'OPENBLAS_NUM_THREADS=1', 'OMP_NUM_THREADS=1'];
  return ['taskset', '-c', allowed.split(/[,-]/).at(-1) ?? '0', ...oneThread];
}

/** The line of the error, out of what the process said before it ended. */
function reasonOf(error: unknown): string {
  const { stderr = '' } = error as { stderr?: string };
  const line = stderr.split('\n').find((each) => /^\w*Error\b.*:/.test(each.trim()));
  return line?.trim() ?? (error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
}
