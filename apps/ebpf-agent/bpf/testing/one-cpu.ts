import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Keeps every thread of this process on one processor: what a program remembers per processor
 * would otherwise be split.
 *
 * @returns the number of the processor, and what lets the process go again
 */
export function keepToOneCpu(): { cpu: number; letGo: () => void } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  const keepTo = (list: string): void => {
    execFileSync('taskset', ['-a', '-c', '-p', list, String(process.pid)], { stdio: 'pipe' });
  };
  const first = allowed.split(/[,-]/)[0] ?? '0';
  keepTo(first);
  return { cpu: Number(first), letGo: () => keepTo(allowed) };
}
