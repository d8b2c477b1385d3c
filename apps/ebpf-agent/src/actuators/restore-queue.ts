import { readFileSync } from 'node:fs';
import { KernelError, namespaceInode, type Qdisc, QdiscTable } from '@levitate/kernel';
import type { QueueIdentity, RestoreOutcome } from '../kernel.ts';

/** Identity of the running boot; a queue of another boot cannot exist any more. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * Put the limit of one real queue back, wherever it is: the agent, its supervisor and
 * `--restore-all` do it by this one function. The queue must be the very one recorded (boot,
 * namespace, interface, handle, kind and rate); anything else is left alone.
 * @param limit in the unit of the queue: bytes or packets
 * @throws KernelError where it is the right queue and the kernel refuses
 */
export function restoreQueue(identity: QueueIdentity, limit: number): RestoreOutcome {
  if (identity.bootId !== bootId()) return 'gone';
  if (namespaceInode(identity.netns) !== identity.netnsInode) return 'gone';
  using table = QdiscTable.open({ netns: identity.netns });
  return restoreWithin(table, identity, limit);
}

function restoreWithin(table: QdiscTable, identity: QueueIdentity, limit: number): RestoreOutcome {
  const present = table
    .dump()
    .find(({ ifindex, parent }) => ifindex === identity.ifindex && parent === identity.parent);
  if (present === undefined) return 'gone';
  if (!isSameQueue(present, identity)) return 'foreign';
  if ((present.limitBytes ?? present.limitPackets) === limit) return 'restored';
  try {
    table.setLimit(present, limit);
    return 'restored';
  } catch (error) {
    // It went away or was replaced between the look and the change.
    if (error instanceof KernelError && error.code === 'not-found') return 'gone';
    if (error instanceof KernelError && error.code === 'changed-underneath') return 'foreign';
    throw error;
  }
}

/** Whether a qdisc as dumped is the one recorded, whatever its interface is called by now. */
export function isSameQueue(present: Qdisc, identity: QueueIdentity): boolean {
  return (
    present.ifindex === identity.ifindex &&
    present.handle === identity.handle &&
    present.parent === identity.parent &&
    present.kind === identity.kind &&
    present.rateBytesPerSecond === identity.rateBytesPerSecond
  );
}
