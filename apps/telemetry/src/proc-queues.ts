import { QdiscTable, ROOT_PARENT } from '@levitate/kernel';

/** The queue an interface sends through, as its root qdisc has it. */
export interface QueueReading {
  bytes: number;
  packets: number;
  /** Packets dropped since the qdisc was made; 32 bits, it wraps. */
  dropped: bigint;
  /** Limit and drain rate, for the kinds that have them. */
  limitBytes?: number | undefined;
  drainBytesPerSecond?: number | undefined;
}

/** Queues by interface; `undefined` where the kernel does not tell. */
export type ReadQueues = () => Map<string, QueueReading> | undefined;

/**
 * Qdisc counters of this host over one netlink socket; no privilege is needed to read them. Where
 * they cannot be had, samples go without: queue, limit and drops of the queue are then missing.
 *
 * @param onMissing told once, with the reason
 */
export function openQueues(onMissing: (reason: string) => void): {
  read: ReadQueues;
  close: () => void;
} {
  let table: QdiscTable | undefined;
  const giveUp = (error: unknown): undefined => {
    onMissing(error instanceof Error ? error.message : String(error));
    table?.close();
    table = undefined;
  };
  try {
    table = QdiscTable.open();
  } catch (error) {
    giveUp(error);
  }
  return {
    read() {
      try {
        return table === undefined ? undefined : rootQueues(table);
      } catch (error) {
        return giveUp(error);
      }
    },
    close: () => table?.close(),
  };
}

function rootQueues(table: QdiscTable): Map<string, QueueReading> {
  const queues = new Map<string, QueueReading>();
  for (const qdisc of table.dump()) {
    if (qdisc.parent !== ROOT_PARENT || qdisc.kind === 'noqueue') continue;
    queues.set(qdisc.interface, {
      bytes: qdisc.backlogBytes,
      packets: qdisc.backlogPackets,
      dropped: BigInt(qdisc.dropped),
      limitBytes: qdisc.limitBytes,
      drainBytesPerSecond: qdisc.rateBytesPerSecond,
    });
  }
  return queues;
}
