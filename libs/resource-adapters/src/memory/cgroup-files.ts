import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryError } from './memory-error.ts';

/** Which files of a control group say what, in the two versions of the kernel's interface. */
export interface CgroupFiles {
  version: 1 | 2;
  /** What is taken as the limit. */
  limit: string;
  usage: string;
  /** Most that was in use since it was last cleared; in version 2 since Linux 5.19. */
  peak: string;
  stat: string;
  /** Counter of the times that the limit was met, or the file and the line that it is in. */
  met: { file: string; line?: string };
}

/** `memory.high` throttles and reclaims; `memory.max`, which kills, is left to its owner. */
const versionTwo: CgroupFiles = {
  version: 2,
  limit: 'memory.high',
  usage: 'memory.current',
  peak: 'memory.peak',
  stat: 'memory.stat',
  met: { file: 'memory.events', line: 'high' },
};
const versionOne: CgroupFiles = {
  version: 1,
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  peak: 'memory.max_usage_in_bytes',
  stat: 'memory.stat',
  met: { file: 'memory.failcnt' },
};

/** @throws {MemoryError} `no-such-group`: the folder has the files of neither version */
export async function cgroupFiles(folder: string): Promise<CgroupFiles> {
  for (const files of [versionTwo, versionOne]) {
    const isThere = await readFile(join(folder, files.usage)).then(
      () => true,
      () => false,
    );
    if (isThere) return files;
  }
  const text = `${folder} is no control group with memory; those are below /sys/fs/cgroup`;
  throw new MemoryError('no-such-group', text);
}

/** @throws {MemoryError} */
export async function readGroupFile(folder: string, file: string): Promise<string> {
  try {
    return (await readFile(join(folder, file), 'utf8')).trim();
  } catch (cause) {
    throw groupError(`${join(folder, file)} cannot be read`, cause);
  }
}

/** @throws {MemoryError} `in-use` where more is in use than the limit lets be reclaimed */
export async function writeGroupFile(folder: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(join(folder, file), text);
  } catch (cause) {
    throw groupError(`${join(folder, file)} does not take ${text}`, cause);
  }
}

/** A number in a file, or in the line of that name; `max`, or nearly 2^63, is infinite. */
export function numberIn(text: string, line?: string): number {
  const lines = text.split('\n').map((each) => each.split(' '));
  const found = line === undefined ? text : lines.find(([name]) => name === line)?.[1];
  if (found === 'max') return Number.POSITIVE_INFINITY;
  if (found === undefined || !/^\d+$/.test(found)) {
    const what = line === undefined ? 'a number' : `a line ${line}`;
    throw new MemoryError('garbage', `"${text.slice(0, 80)}" of a control group is not ${what}`);
  }
  const value = Number(found);
  return value >= unlimitedBytes ? Number.POSITIVE_INFINITY : value;
}

/** What version 1 shows for no limit is the largest whole page below 2^63. */
const unlimitedBytes = 2 ** 62;

function groupError(what: string, cause: unknown): MemoryError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENODEV') {
    return new MemoryError('no-such-group', `${what}: the group has ended`, { cause });
  }
  if (code === 'EBUSY') {
    return new MemoryError('in-use', `${what}: more is in use and cannot be reclaimed`, { cause });
  }
  return new MemoryError('refused', `${what}: ${code ?? cause}; be root where it is mounted`, {
    cause,
  });
}
