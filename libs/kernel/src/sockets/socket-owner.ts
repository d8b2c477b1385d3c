import { readdirSync, readlinkSync } from 'node:fs';

/** Where an open socket is held: process and file descriptor. */
export interface SocketOwner {
  pid: number;
  fd: number;
}

const LINK = /^socket:\[(\d+)\]$/;

/**
 * Find the processes that hold sockets, by `/proc/PID/fd`. A socket that several hold is found in
 * one of them, a process that ends meanwhile is passed over.
 * @param inodes as `/proc/net/tcp` lists them
 * @param likely processes to ask first, which spares asking all of them
 * @returns by inode; without those nobody holds (any more)
 */
export function findSocketOwners(
  inodes: Iterable<number>,
  likely: Iterable<number> = [],
): Map<number, SocketOwner> {
  const wanted = new Set(inodes);
  const owners = new Map<number, SocketOwner>();
  const asked = new Set<number>();
  for (const pid of processes(likely)) {
    if (owners.size === wanted.size) break;
    if (asked.has(pid)) continue;
    asked.add(pid);
    for (const [inode, fd] of socketsOf(pid)) {
      if (wanted.has(inode) && !owners.has(inode)) owners.set(inode, { pid, fd });
    }
  }
  return owners;
}

function* processes(likely: Iterable<number>): Generator<number> {
  yield* likely;
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) yield Number(name);
}

function* socketsOf(pid: number): Generator<[inode: number, fd: number]> {
  const folder = `/proc/${pid}/fd`;
  for (const name of attempt(() => readdirSync(folder)) ?? []) {
    const link = LINK.exec(attempt(() => readlinkSync(`${folder}/${name}`)) ?? '');
    if (link !== null) yield [Number(link[1]), Number(name)];
  }
}

/** What ends or closes while it is looked at is not there. */
function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}
