import { readFileSync } from 'node:fs';

/** `USER_HZ`, which Linux fixes for everything it shows to programs. */
const MS_PER_TICK = 10;

/**
 * Time the first thread of a process was ready to run and others had its processor, up to now,
 * milliseconds; 0 where the kernel keeps no such account or the process has ended.
 */
export function runDelayMsOf(pid: number): number {
  try {
    return runDelayMs(readFileSync(`/proc/${pid}/schedstat`, 'latin1'));
  } catch {
    return 0;
  }
}

/** From `/proc/PID/schedstat`: nanoseconds on a processor and waiting for one, turns. */
export function runDelayMs(schedstat: string): number {
  return Number(schedstat.split(' ')[1]) / 1e6;
}

/** Time the host of this machine gave to others, by processor, up to now, milliseconds. */
export function stolenMsByCore(): ReadonlyMap<number, number> {
  return stolenMs(readFileSync('/proc/stat', 'latin1'));
}

/** From `/proc/stat`: the eighth number of each `cpuN`. */
export function stolenMs(stat: string): ReadonlyMap<number, number> {
  const lines = stat.split('\n').map((line) => /^cpu(\d+) (.*)/.exec(line));
  return new Map(
    lines.flatMap((match) => {
      if (match === null) return [];
      const ticks = (match[2] ?? '').split(' ').map(Number);
      return [[Number(match[1]), (ticks[7] ?? 0) * MS_PER_TICK] as const];
    }),
  );
}
