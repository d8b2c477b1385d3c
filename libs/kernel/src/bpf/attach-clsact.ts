import { namespaceInode, namespacePath, withNamespace } from '../namespace.ts';
import type { TcOptions } from './attach-tcx.ts';
import type { Attachment } from './attachment.ts';
import type { BpfProgram } from './bpf-program.ts';
import {
  checkNoIngressQdisc,
  classifierQdisc,
  createClsact,
  createFilter,
  deleteEmptyClsact,
  deleteFilter,
  filterProgramId,
} from './clsact.ts';
import type { Footprint } from './footprint.ts';
import type { FilterEntry } from './footprint-entry.ts';
import { checkInterface, placeText } from './interface-place.ts';

/** "Lv" in ASCII: unlikely to be anyone else's, and known in `tc filter show`. */
const OWN_NUMBER = 0x4c76;
const UNTOLD =
  'a clsact is there; whether it was ours cannot be told, so it stays. Where nothing hangs on it ' +
  'it does nothing, and `tc qdisc del dev DEV clsact` removes it';

/** What hangs where, and where that is recorded. */
export interface ClsactOptions extends TcOptions {
  program: Pick<BpfProgram, 'fd' | 'name' | 'info'>;
  footprint: Footprint;
  /** Of the filter. Default 19574 (0x4c76). */
  handle?: number | undefined;
  /** Order among the filters of one side, 1 to 65,535, lower first. Default 19574 (0x4c76). */
  priority?: number | undefined;
}

/**
 * Attach a tc program as a filter on a clsact, for kernels without tcx. A clsact that is not there
 * is made, and removed on close unless others use it by then. A filter outlives its process: it is
 * recorded before it is made, for `removeStale`.
 * @throws KernelError `occupied` when a filter is at this handle and priority, or an ingress qdisc
 * holds the place
 */
export function attachClsact(options: ClsactOptions): Attachment {
  const { program, direction, ifindex, footprint, handle, priority } = options;
  const what = `attaching the program ${program.name} to the ${direction} of ${placeText(options)}`;
  const address = {
    ifindex,
    direction,
    handle: handle ?? OWN_NUMBER,
    priority: priority ?? OWN_NUMBER,
  };
  return withNamespace(options.netns, () => {
    checkInterface(ifindex, what);
    const isThere = checkNoIngressQdisc(ifindex, what) !== undefined;
    let entry: FilterEntry = {
      kind: 'filter',
      netns: options.netns === undefined ? null : namespacePath(options.netns),
      netnsInode: namespaceInode('/proc/thread-self/ns/net') ?? 0,
      ...address,
      programId: program.info().id,
      clsact: isThere ? 'present' : 'making',
    };
    footprint.add(entry);
    const become = (clsact: FilterEntry['clsact']) => {
      const by: FilterEntry = { ...entry, clsact };
      footprint.replace(entry, by);
      entry = by;
    };
    let hasMade = false;
    try {
      hasMade = !isThere && createClsact(ifindex);
      if (!isThere && !hasMade) become('present');
      createFilter(address, program.fd, what);
      if (hasMade) become('made');
    } catch (error) {
      undoFilter(entry);
      if (hasMade) deleteEmptyClsact(ifindex);
      footprint.remove(entry);
      throw error;
    }
    return new FilterAttachment(entry, footprint, `clsact ${direction} on ${placeText(options)}`);
  });
}

class FilterAttachment implements Attachment {
  readonly hook = 'clsact';
  readonly detail: string;
  readonly #entry: FilterEntry;
  readonly #footprint: Footprint;
  #isOpen = true;

  constructor(entry: FilterEntry, footprint: Footprint, detail: string) {
    this.#entry = entry;
    this.#footprint = footprint;
    this.detail = detail;
  }

  isAttached(): boolean {
    return this.#isOpen && this.#inside(() => isOurs(this.#entry)) === true;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#inside(() => undoFilter(this.#entry));
    this.#footprint.remove(this.#entry);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A namespace that is gone, or another by now, took the filter along. */
  #inside<T>(body: () => T): T | undefined {
    const netns = this.#entry.netns ?? undefined;
    return namespaceInode(netns) === this.#entry.netnsInode
      ? withNamespace(netns, body)
      : undefined;
  }
}

/**
 * Inside its namespace: remove the filter if it is still ours, and the clsact if we made it.
 * @returns what stays, and why; empty when all that was ours is gone
 */
export function undoFilter(entry: FilterEntry): string {
  const wasOurs = isOurs(entry);
  if (wasOurs) deleteFilter(entry);
  if (entry.clsact === 'present') return '';
  if (entry.clsact === 'making' && !wasOurs) {
    // The process ended before our filter hung on it: whose it is cannot be told.
    return classifierQdisc(entry.ifindex) === 'clsact' ? UNTOLD : '';
  }
  const others = deleteEmptyClsact(entry.ifindex);
  return others.length === 0 ? '' : `the clsact stays, for ${others.length} filters of others`;
}

function isOurs(entry: FilterEntry): boolean {
  return filterProgramId(entry) === entry.programId;
}
