import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where labs are written down unless told otherwise: memory, so a reboot forgets them all. */
export const LAB_RECORDS_DIRECTORY = '/run/levitate/labs';

/** One lab as its owner wrote it down before making the first namespace. */
export interface LabRecord {
  id: string;
  /** Process that owns the lab. */
  pid: number;
  /** Start of that process in clock ticks after boot: a reused pid has another one. */
  startTicks: string;
  namespaces: string[];
}

/** Write the record of a lab down, whole or not at all. */
export function writeLabRecord(directory: string, record: LabRecord): void {
  mkdirSync(directory, { recursive: true });
  const file = fileOf(directory, record.id);
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`);
  renameSync(`${file}.new`, file);
}

/** Forget a lab that is gone. */
export function removeLabRecord(directory: string, id: string): void {
  rmSync(fileOf(directory, id), { force: true });
}

/** All labs written down; a file that is no record (torn, foreign) is left out. */
export function readLabRecords(directory: string): LabRecord[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => parseRecord(join(directory, name)));
}

/** Whether the process that wrote the record is still the one running under its pid. */
export function isOwnerAlive(record: Pick<LabRecord, 'pid' | 'startTicks'>): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

/**
 * Start of a process in clock ticks after boot, `undefined` when there is none (proc(5), field 22;
 * the name in field 2 may hold blanks and brackets, so fields count from its last bracket). A
 * zombie counts as gone: it owns nothing any more.
 */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function fileOf(directory: string, id: string): string {
  return join(directory, `${id}.json`);
}

function parseRecord(file: string): LabRecord[] {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as LabRecord;
    const isSound =
      typeof record.id === 'string' &&
      Number.isInteger(record.pid) &&
      typeof record.startTicks === 'string' &&
      Array.isArray(record.namespaces) &&
      record.namespaces.every((name) => /^lev-[a-z0-9-]+$/.test(name));
    return isSound ? [record] : [];
  } catch {
    return [];
  }
}
