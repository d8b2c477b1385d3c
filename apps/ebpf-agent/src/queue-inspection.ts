import { handleText, notControllableReason, type Qdisc, ROOT_PARENT } from '@levitate/kernel';
import type { InspectedQueue, LinkName, QueueInspection, QueueReading } from './kernel.ts';

/** What a packet is taken for where a limit is counted in packets: a full Ethernet frame. */
const PACKET_BYTES = 1_514;

/** A link of a real kernel, as configured. */
export interface RealLink extends LinkName {
  netns?: string | undefined;
  /** Where the queue itself does not know its rate (bfifo). */
  drainBytesPerSecond?: number | undefined;
  /** What a packet is taken for where the queue counts packets, bytes. Default 1,514. */
  packetBytes?: number | undefined;
}

/** Where and when a dump was made; it is part of every identity. */
export interface InspectionPlace {
  bootId: string;
  netnsInode: number;
}

/** The qdiscs of a dump by interface, so that many links of a large namespace are found quickly. */
export class QdiscIndex {
  readonly #roots = new Map<string, Qdisc>();
  readonly #byInterface: ReadonlyMap<number, readonly Qdisc[]>;

  constructor(qdiscs: readonly Qdisc[]) {
    for (const qdisc of qdiscs) {
      const isFirst = qdisc.parent === ROOT_PARENT && !this.#roots.has(qdisc.interface);
      if (isFirst) this.#roots.set(qdisc.interface, qdisc);
    }
    this.#byInterface = Map.groupBy(qdiscs, ({ ifindex }) => ifindex);
  }

  /** The qdisc at the root of an interface. */
  root(interfaceName: string): Qdisc | undefined {
    return this.#roots.get(interfaceName);
  }

  /** All qdiscs of the interface that a qdisc is of. */
  siblings({ ifindex }: Qdisc): readonly Qdisc[] {
    return this.#byInterface.get(ifindex) ?? [];
  }
}

/** What can be driven of a link, or why nothing can. */
export function inspectLink(
  link: RealLink,
  index: QdiscIndex,
  place: InspectionPlace,
): QueueInspection {
  const { netns } = link;
  const root = index.root(link.interface);
  if (root === undefined) {
    const where = netns === undefined ? '' : ` in ${netns}`;
    return absentLink(`no interface ${link.interface}${where} with a queue of its own`);
  }
  const reading = readingOf(root, link);
  const siblings = index.siblings(root);
  const queues = root.kind === 'mq' ? queuesOfMq(root, siblings) : [root];
  const label = `${root.kind} ${handleText(root.handle)} of ${link.interface}`;
  const reason =
    queues.length === 0
      ? 'this mq has no queue below it'
      : queues.map((one) => reasonOf(one, siblings)).find((one) => one !== undefined);
  if (reason !== undefined) return { reading, notControllableReason: reason, queues: [], label };
  const inspected = queues.map((one) => inspectedQueue(one, netns, place));
  return { reading, notControllableReason: '', queues: inspected, label };
}

/** A link of which nothing is there. */
export function absentLink(reason: string): QueueInspection {
  return { reading: undefined, notControllableReason: reason, queues: [], label: '' };
}

/** Counters and limit of a link, read off its root qdisc. */
export function readingOf(
  qdisc: Qdisc,
  { drainBytesPerSecond, packetBytes = PACKET_BYTES }: RealLink,
): QueueReading {
  const { limitPackets } = qdisc;
  return {
    ifindex: qdisc.ifindex,
    handle: qdisc.handle,
    kind: qdisc.kind,
    sentBytes: qdisc.sentBytes,
    sentPackets: qdisc.sentPackets,
    dropped: qdisc.dropped,
    droppedBytes: undefined,
    backlogBytes: qdisc.backlogBytes,
    backlogPackets: qdisc.backlogPackets,
    limitBytes:
      qdisc.limitBytes ?? (limitPackets === undefined ? undefined : limitPackets * packetBytes),
    drainBytesPerSecond: qdisc.rateBytesPerSecond ?? drainBytesPerSecond,
  };
}

/** One qdisc for each hardware queue hangs below an mq. */
function queuesOfMq(mq: Qdisc, siblings: readonly Qdisc[]): Qdisc[] {
  const isBelow = ({ parent }: Qdisc) =>
    parent !== ROOT_PARENT && parent >>> 16 === mq.handle >>> 16;
  return siblings.filter(isBelow).sort((a, b) => a.parent - b.parent);
}

function reasonOf(qdisc: Qdisc, siblings: readonly Qdisc[]): string | undefined {
  const reason = notControllableReason(qdisc, siblings);
  if (reason === undefined || qdisc.parent === ROOT_PARENT) return reason;
  return `its queue ${handleText(qdisc.parent)}: ${reason}`;
}

function inspectedQueue(
  qdisc: Qdisc,
  netns: string | undefined,
  place: InspectionPlace,
): InspectedQueue {
  const { limitBytes, limitPackets } = qdisc;
  return {
    limit: limitBytes ?? limitPackets ?? 0,
    unit: limitBytes === undefined ? 'packets' : 'bytes',
    identity: {
      netns,
      netnsInode: place.netnsInode,
      bootId: place.bootId,
      interface: qdisc.interface,
      ifindex: qdisc.ifindex,
      handle: qdisc.handle,
      parent: qdisc.parent,
      kind: qdisc.kind,
      rateBytesPerSecond: qdisc.rateBytesPerSecond,
    },
  };
}
