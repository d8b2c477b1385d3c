import { KernelError } from '../kernel-error.ts';
import { NetlinkSocket } from '../netlink-socket.ts';
import { QdiscTable } from '../qdisc-table.ts';
import { bpfError } from './bpf-error.ts';
import {
  CLSACT_PARENT,
  decodeFilter,
  encodeFilterDump,
  FILTER_MESSAGE,
  type Filter,
} from './filter-codec.ts';
import { libbpf } from './libbpf.ts';

/** Which side of an interface. */
export type TcDirection = 'ingress' | 'egress';

/** Where a filter of ours hangs. */
export interface FilterAddress {
  ifindex: number;
  direction: TcDirection;
  handle: number;
  priority: number;
}

/** `enum bpf_tc_attach_point`. */
const ATTACH_POINT = { ingress: 1, egress: 2 } as const;
const ENOENT = -2;
const EEXIST = -17;

/*
 * Everything here asks the namespace of the calling thread: callers enter it first.
 */

/** The qdisc at `ffff:`, which filters hang on: a clsact, or an older ingress qdisc. */
export function classifierQdisc(ifindex: number): 'clsact' | 'ingress' | undefined {
  using table = QdiscTable.open();
  for (const qdisc of table.dump()) {
    if (qdisc.ifindex !== ifindex) continue;
    if (qdisc.kind === 'clsact' || qdisc.kind === 'ingress') return qdisc.kind;
  }
  return undefined;
}

/** Every filter on both sides of a clsact, whoever made it. */
export function clsactFilters(ifindex: number): Filter[] {
  const socket = new NetlinkSocket();
  const filters: Filter[] = [];
  try {
    for (const parent of Object.values(CLSACT_PARENT)) {
      const sequence = socket.nextSequence();
      socket.exchange({
        request: encodeFilterDump(sequence, ifindex, parent),
        sequence,
        what: `listing the filters of interface ${ifindex}`,
        onMessage: (type, body) => {
          const filter = type === FILTER_MESSAGE.newFilter ? decodeFilter(body) : undefined;
          if (filter !== undefined) filters.push(filter);
        },
      });
    }
  } finally {
    socket.close();
  }
  return filters;
}

/** @returns false when one was there already. @throws KernelError */
export function createClsact(ifindex: number): boolean {
  const result = libbpf().bpf_tc_hook_create(hookOf(ifindex, 3));
  if (result === EEXIST) return false;
  if (result !== 0) {
    throw bpfError({ what: `making a clsact on interface ${ifindex}`, errno: result });
  }
  return true;
}

/**
 * Remove a clsact that nothing hangs on. Whoever adds a filter between the look and the removal
 * loses it: the kernel has no removal that asks.
 * @returns the filters that keep it there; empty when it is gone
 */
export function deleteEmptyClsact(ifindex: number): Filter[] {
  if (classifierQdisc(ifindex) !== 'clsact') return [];
  const filters = clsactFilters(ifindex);
  if (filters.length > 0) return filters;
  // Both sides together mean the qdisc; one side alone would mean its filters.
  const result = libbpf().bpf_tc_hook_destroy(hookOf(ifindex, 3));
  if (result !== 0 && result !== ENOENT) {
    throw bpfError({ what: `removing the clsact of interface ${ifindex}`, errno: result });
  }
  return [];
}

/** @returns the number of the program of a filter, `undefined` when there is no such filter */
export function filterProgramId(address: FilterAddress): number | undefined {
  const options = filterOptions(address);
  const hook = hookOf(address.ifindex, ATTACH_POINT[address.direction]);
  const result = libbpf().bpf_tc_query(hook, options);
  return result === 0 ? options.readUInt32LE(16) : undefined;
}

/** @throws KernelError `occupied` when a filter is at this handle and priority */
export function createFilter(address: FilterAddress, programFd: number, what: string): void {
  const options = filterOptions(address);
  options.writeInt32LE(programFd, 8);
  const hook = hookOf(address.ifindex, ATTACH_POINT[address.direction]);
  const result = libbpf().bpf_tc_attach(hook, options);
  if (result === 0) return;
  const { handle, priority } = address;
  const words = `handle ${handle}, priority ${priority}`;
  throw bpfError({ what, errno: result, words });
}

/** Remove a filter; one that is gone is no error. @throws KernelError */
export function deleteFilter(address: FilterAddress): void {
  const hook = hookOf(address.ifindex, ATTACH_POINT[address.direction]);
  const result = libbpf().bpf_tc_detach(hook, filterOptions(address));
  if (result === 0 || result === ENOENT) return;
  throw bpfError({ what: `removing the filter of interface ${address.ifindex}`, errno: result });
}

/** An ingress qdisc holds the place of a clsact and has no egress side. */
export function checkNoIngressQdisc(ifindex: number, what: string): 'clsact' | undefined {
  const kind = classifierQdisc(ifindex);
  if (kind !== 'ingress') return kind;
  throw new KernelError({
    code: 'occupied',
    what,
    why: 'an ingress qdisc holds ffff:, where a clsact would go',
    next: 'it is left alone; replace it by a clsact, which does the same and more',
  });
}

/** `struct bpf_tc_hook`. */
function hookOf(ifindex: number, attachPoint: number): Buffer {
  const hook = Buffer.alloc(24);
  hook.writeBigUInt64LE(BigInt(hook.length), 0);
  hook.writeInt32LE(ifindex, 8);
  hook.writeUInt32LE(attachPoint, 12);
  return hook;
}

/** `struct bpf_tc_opts`. */
function filterOptions({ handle, priority }: FilterAddress): Buffer {
  const options = Buffer.alloc(32);
  options.writeBigUInt64LE(BigInt(options.length), 0);
  options.writeUInt32LE(handle, 20);
  options.writeUInt32LE(priority, 24);
  return options;
}
