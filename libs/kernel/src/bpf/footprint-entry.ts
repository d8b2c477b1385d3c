import type { FilterAddress } from './clsact.ts';

/** A tc filter of ours on a clsact. */
export interface FilterEntry extends FilterAddress {
  kind: 'filter';
  /** Path of the network namespace; `null` is that of the process. */
  netns: string | null;
  /** Identity of the namespace: its name may come to mean another one. */
  netnsInode: number;
  /** Number of the program: a filter with another one is not ours. */
  programId: number;
  /** Whether the clsact was there before; `making` until our filter hangs on the one we made. */
  clsact: 'present' | 'making' | 'made';
}

/** A pinned map. */
export interface PinEntry {
  kind: 'pin';
  path: string;
  /** Number of the map: what is pinned there with another one is not ours. */
  mapId: number;
}

/** One thing in the kernel that outlives the process. */
export type FootprintEntry = FilterEntry | PinEntry;

/** The content of the file. */
export interface FootprintContent {
  bootId: string;
  owner: { pid: number; startTime: string };
  entries: FootprintEntry[];
}

/** @returns `undefined` for anything that this version did not write */
export function parseFootprint(text: string): FootprintContent | undefined {
  let content: Partial<FootprintContent> & { version?: unknown };
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, bootId, owner, entries } = content ?? {};
  if (version !== 1 || typeof bootId !== 'string' || !Array.isArray(entries)) return undefined;
  if (!isCount(owner?.pid) || typeof owner?.startTime !== 'string') return undefined;
  if (!entries.every((one) => isFilter(one) || isPin(one))) return undefined;
  return { bootId, owner, entries };
}

function isFilter(value: unknown): boolean {
  const entry = value as Partial<FilterEntry> | null;
  if (typeof entry !== 'object' || entry?.kind !== 'filter') return false;
  const { ifindex, handle, priority, programId, netnsInode, netns } = entry;
  return (
    [ifindex, handle, priority, programId, netnsInode].every(isCount) &&
    (netns === null || typeof netns === 'string') &&
    ['ingress', 'egress'].includes(entry.direction ?? '') &&
    ['present', 'making', 'made'].includes(entry.clsact ?? '')
  );
}

function isPin(value: unknown): boolean {
  const entry = value as Partial<PinEntry> | null;
  if (typeof entry !== 'object' || entry?.kind !== 'pin') return false;
  return isCount(entry.mapId) && typeof entry.path === 'string' && entry.path.startsWith('/');
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
