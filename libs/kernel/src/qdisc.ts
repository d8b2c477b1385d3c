/** One queueing discipline of one interface, as the kernel reported it. */
export interface Qdisc {
  /** Index of the interface; it repeats across network namespaces. */
  ifindex: number;
  /** Name of the interface; empty while it is not known. */
  interface: string;
  /** Major and minor number as one word: `1:` is 0x10000. Zero is a default qdisc. */
  handle: number;
  /** Class it hangs on, as `handle`; 0xffffffff is the root. */
  parent: number;
  /** `tbf`, `bfifo`, `pfifo`, `noqueue` and so on. */
  kind: string;
  /** Bytes that left the queue since it was made (tbf and fifo count at the exit). */
  sentBytes: number;
  /** Packets that left the queue since it was made. */
  sentPackets: number;
  /** Packets dropped since it was made; the kernel's counter has 32 bits and wraps. */
  dropped: number;
  /** Times the rate held a packet back; 32 bits. */
  overlimits: number;
  /** Bytes in the queue now. */
  backlogBytes: number;
  /** Packets in the queue now. */
  backlogPackets: number;
  /** Limit of the queue, for kinds that count it in bytes (tbf, bfifo). */
  limitBytes?: number | undefined;
  /** Limit of the queue, for kinds that count it in packets (pfifo, fq, fq_codel). */
  limitPackets?: number | undefined;
  /** Rate of a tbf. */
  rateBytesPerSecond?: number | undefined;
  /** Depth of a tbf's bucket in scheduler ticks of 64 ns at its rate. */
  bucketTicks?: number | undefined;
}

const kindsText = 'tbf, bfifo, pfifo, fq, fq_codel';

/** `tcm_parent` of a qdisc at the root of its interface. */
export const ROOT_PARENT = 0xffff_ffff;

/**
 * Why the limit of this qdisc cannot be changed in place.
 * @param siblings all qdiscs of the same table; a tbf with a child of its own is told by them
 * @returns a sentence, or `undefined` when it can
 */
export function notControllableReason(
  qdisc: Qdisc,
  siblings: readonly Qdisc[] = [],
): string | undefined {
  if (qdisc.kind === 'noqueue') return 'noqueue keeps no queue, so there is no limit to change';
  if (qdisc.kind === 'mq') return 'mq only spreads to one qdisc per hardware queue; name those';
  if (qdisc.limitBytes === undefined && qdisc.limitPackets === undefined) {
    return `the limit of ${qdisc.kind} is not one this version changes (${kindsText})`;
  }
  if (qdisc.handle === 0) {
    return `${qdisc.kind} is the kernel's default without a handle; give it one with tc first`;
  }
  if (qdisc.kind === 'tbf') return childReason(qdisc, siblings);
  return undefined;
}

/** `1:` or `1:10` for people. */
export function handleText(handle: number): string {
  if (handle === ROOT_PARENT) return 'root';
  const minor = handle & 0xffff;
  return `${(handle >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

/** A tbf's own fifo has no handle; a child with one was put there by someone. */
function childReason(qdisc: Qdisc, siblings: readonly Qdisc[]): string | undefined {
  for (const sibling of siblings) {
    const isBelow =
      sibling.ifindex === qdisc.ifindex &&
      sibling.parent !== ROOT_PARENT &&
      sibling.parent >>> 16 === qdisc.handle >>> 16;
    if (isBelow && sibling.handle !== 0) {
      const child = `${sibling.kind} ${handleText(sibling.handle)}`;
      return `the queue of this tbf is its child ${child}, not its own limit`;
    }
  }
  return undefined;
}
