import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Which processor the service has to itself, and which everything else of the bench shares; with
 * fewer than two processors nothing is pinned.
 */
export interface Pinning {
  /** For the service alone. */
  service: number;
  /** For Redis, the senders and the reader. */
  others: number;
}

/** The first two processors this process may run on. @returns why there are none, in words */
export function choosePinning(): Pinning | string {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  if (availableParallelism() < 2) return 'needs two processors: one for the service alone';
  try {
    const [others, service] = allowedProcessors();
    return others === undefined || service === undefined
      ? 'needs two processors: one for the service alone'
      : { service, others };
  } catch {
    return 'needs taskset; on Debian: apt-get install util-linux';
  }
}

/**
 * Keeps all threads of this process to one processor for as long as `run` takes.
 *
 * @throws Error when the kernel refuses
 */
export async function pinnedTo<Result>(
  processor: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = allowedProcessors().join(',');
  const pin = (list: string): void => {
    execFileSync('taskset', ['-acp', list, String(process.pid)], { stdio: 'pipe' });
  };
  pin(String(processor));
  try {
    return await run();
  } finally {
    pin(before);
  }
}

/** As `taskset -cp` prints them: `pid 1's current affinity list: 0,2-3`. */
function allowedProcessors(): number[] {
  const text = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  const list = text.slice(text.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
