import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  listNamespaces,
  NAMESPACE_DIRECTORY,
  namespaceInode,
  withNamespace,
} from '../namespace.ts';
import { undoFilter } from './attach-clsact.ts';
import { Footprint, readFootprint } from './footprint.ts';
import type { FilterEntry, FootprintEntry } from './footprint-entry.ts';
import { removePinDirectory, unpin } from './pin-maps.ts';

/** What was left behind and what became of it. */
export interface SweepReport {
  /** Removed, or found gone already; in words. */
  removed: string[];
  /** Still there, with the reason and the next step; in words. */
  kept: string[];
}

/**
 * Remove what a process that is gone left in the kernel: the filters and pins in its record, each
 * only while the kernel's own number says that it is the very one. What anyone else made stays.
 * For the next start, and for a supervisor. Without libbpf or rights it removes what it can.
 * @param path file of the record (footprint.ts); when it is not there nothing was left
 * @throws KernelError `occupied` when the process that wrote the record lives
 */
export function removeStale(path: string): SweepReport {
  const report: SweepReport = { removed: [], kept: [] };
  if (readFootprint(path) === 'unreadable') {
    const aside = `${path}.unreadable`;
    renameSync(path, aside);
    report.kept.push(
      `the record could not be read and is now ${aside}; look for filters with ` +
        '`tc filter show dev DEV egress` and for pins below /sys/fs/bpf/levitate',
    );
    return report;
  }
  const footprint = Footprint.open(path);
  for (const entry of footprint.entries) {
    const name = nameOf(entry);
    try {
      const inTheWay = entry.kind === 'pin' ? removePin(entry) : removeFilter(entry);
      footprint.remove(entry);
      if (inTheWay === '') report.removed.push(name);
      else report.kept.push(`${name}: ${inTheWay}`);
    } catch (error) {
      // It stays in the record, for the next attempt.
      report.kept.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (footprint.entries.length === 0) rmSync(path, { force: true });
  return report;
}

function removePin(entry: FootprintEntry & { kind: 'pin' }): string {
  const inTheWay = unpin(entry);
  removePinDirectory(join(entry.path, '..'));
  return inTheWay;
}

function removeFilter(entry: FilterEntry): string {
  const netns = findNamespace(entry);
  // With the namespace went all that was in it.
  if (netns === 'gone') return '';
  return withNamespace(netns, () => undoFilter(entry));
}

/** By identity, not by name. @returns `undefined` for the namespace of this process */
function findNamespace({ netns, netnsInode }: FilterEntry): string | undefined | 'gone' {
  if (namespaceInode(undefined) === netnsInode) return undefined;
  const named = listNamespaces().map((name) => join(NAMESPACE_DIRECTORY, name));
  const paths = netns === null ? named : [netns, ...named];
  return paths.find((path) => namespaceInode(path) === netnsInode) ?? 'gone';
}

function nameOf(entry: FootprintEntry): string {
  if (entry.kind === 'pin') return `pin ${entry.path}`;
  const { direction, ifindex, netns, programId } = entry;
  const place = netns === null ? '' : ` of ${netns}`;
  return `filter with program ${programId} on the ${direction} of interface ${ifindex}${place}`;
}
