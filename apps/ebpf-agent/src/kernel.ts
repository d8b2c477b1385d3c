import type { Capability } from '@levitate/kernel';

/**
 * What the agent needs of a kernel. The real one and the simulated one implement it, and nothing
 * above it knows which it has, except to say so.
 */
export interface Kernel {
  readonly kind: 'real' | 'simulated';
  /** Why it is simulated; empty when it is real. */
  readonly simulatedReason: string;
  readonly capabilities: readonly Capability[];
  /** In the order of the configuration; `poll` answers in the same order. */
  readonly links: readonly LinkName[];
  /** Read every queue at once; `undefined` where the queue is not there. Never throws. */
  poll(): readonly (QueueReading | undefined)[];
  /** Look after names of interfaces and identity of namespaces; call it once a second. */
  review(): void;
  /** A closer look at every link, for the calls that list or take control. Never throws. */
  inspectAll(): QueueInspection[];
  /**
   * Change one limit, if the queue is still this one, and read it back.
   * @param limit in the unit of the queue: bytes or packets
   * @throws KernelError
   */
  setLimit(identity: QueueIdentity, limit: number): { previousLimit: number; limit: number };
  /**
   * Put an original back. A queue that is gone or was replaced is never touched.
   * @param limit in the unit of the queue
   * @throws KernelError where the queue is the right one and the kernel refuses
   */
  restore(identity: QueueIdentity, limit: number): RestoreOutcome;
  close(): void;
}

/** What samples are made from. */
export type PolledKernel = Pick<Kernel, 'kind' | 'links' | 'poll'>;

/** A link and the interface it stands for. */
export interface LinkName {
  name: string;
  interface: string;
}

/** Counters of one queue at one moment; they count up from the making of the queue. */
export interface QueueReading {
  ifindex: number;
  handle: number;
  kind: string;
  sentBytes: number;
  sentPackets: number;
  /** Packets; wraps at 2^32 in a real kernel. */
  dropped: number;
  /** Where it is counted, which only the simulated kernel does. */
  droppedBytes?: number | undefined;
  backlogBytes: number;
  backlogPackets: number;
  /** Where it is counted in packets, those times the size that a packet is taken for. */
  limitBytes?: number | undefined;
  /** Rate at which the queue drains while it is not empty, where it is known. */
  drainBytesPerSecond?: number | undefined;
}

/** One link looked at closely. */
export interface QueueInspection {
  reading: QueueReading | undefined;
  /** Empty when the limit can be changed. */
  notControllableReason: string;
  /** Queues whose limits make the link's: one, under mq one for each hardware queue, or none. */
  queues: readonly InspectedQueue[];
  /** The queue in words, for example `tbf 1: of eth0`. */
  label: string;
}

/** A queue whose limit can be changed. */
export interface InspectedQueue {
  identity: QueueIdentity;
  /** In its own unit. */
  limit: number;
  unit: 'bytes' | 'packets';
}

/** What tells one queue of one boot from every other; it is what the durable record holds. */
export interface QueueIdentity {
  /** As configured; `undefined` is the agent's own namespace. */
  netns?: string | undefined;
  /** Tells a namespace from another made later under its name. */
  netnsInode: number;
  bootId: string;
  interface: string;
  ifindex: number;
  handle: number;
  parent: number;
  kind: string;
  rateBytesPerSecond?: number | undefined;
}

/** `gone`: no such queue any more. `foreign`: another one has its place. */
export type RestoreOutcome = 'restored' | 'gone' | 'foreign';

/**
 * Key of a queue in the durable record. Names are left out: an interface that is renamed keeps its
 * queue, and a second entry for it would hold the changed limit as the original.
 */
export function identityKey(identity: QueueIdentity): string {
  const { bootId, netnsInode, ifindex, handle, parent, kind, rateBytesPerSecond } = identity;
  const place = [bootId, netnsInode, ifindex, handle.toString(16), parent.toString(16)];
  return [...place, kind, rateBytesPerSecond ?? ''].join('|');
}
