/** The lock of a state directory among virtual processes: one that died holds nothing. */
import { placeOf } from './faulty-disk.ts';
import type { VirtualProcesses } from './virtual-processes.ts';

let processes: VirtualProcesses | undefined;
let owners = new Map<string, number>();

/** Forget every lock; from now on these processes may take them. */
export function lockAmong(those: VirtualProcesses): void {
  processes = those;
  owners = new Map();
}

/** @throws Error where another process that lives holds the folder */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const { process, name } = placeOf(folder);
  const owner = owners.get(name);
  if (owner !== undefined && processes?.isAlive(owner)) {
    throw new Error(`${name} is in use by process ${owner}`);
  }
  owners.set(name, process);
  return async () => {
    if (owners.get(name) === process) owners.delete(name);
  };
}
