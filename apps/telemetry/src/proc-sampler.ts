import type { Sample } from '@levitate/series';
import {
  counterGrowth,
  type Direction,
  type InterfaceCounters,
  parseNetDev,
  parseTcpOpens,
} from './proc-net.ts';
import type { QueueReading } from './proc-queues.ts';

/** One interface that is watched as a link. */
export interface ProcLink {
  /** Interface of this host, as in `/proc/net/dev`. */
  interface: string;
  /** Name of the link in the deployment. */
  link: string;
  direction: Direction;
}

/** One reading of the host. */
export interface ProcReading {
  /** Text of `/proc/net/dev`. */
  netDev: string;
  /** Text of `/proc/net/snmp`; `undefined` where it cannot be read. */
  snmp: string | undefined;
  /** Queues by interface; `undefined` where the kernel does not tell. */
  queues?: Map<string, QueueReading> | undefined;
  /** Wall clock of the reading, milliseconds since 1970. */
  unixMs: number;
  /** Monotonic, milliseconds: rates come from it, so a clock step never bends one. */
  monotonicMs: number;
}

/**
 * Counters of `/proc` to samples; a pure state machine. The first reading of an interface gives no
 * sample, nor does the one after a reset. `/proc/net/dev` counts what the driver took, so bytes
 * dropped by the qdisc before it are not in the throughput; latency, high-water mark and dropped
 * bytes are missing, not zero. The queue is that of the direction that leaves the host. The
 * connection rate is that of the host: `/proc` does not tell links apart.
 */
export class ProcSampler {
  readonly #links: readonly ProcLink[];
  readonly #wanted: Readonly<Record<Direction, ReadonlySet<string>>>;
  readonly #previous = new Map<string, LinkCounters & { sequence: number }>();
  #previousOpens: bigint | undefined;
  #previousMs: number | undefined;

  constructor(links: readonly ProcLink[]) {
    this.#links = links;
    const wanted = (direction: Direction): Set<string> =>
      new Set(links.filter((link) => link.direction === direction).map((each) => each.interface));
    this.#wanted = { transmit: wanted('transmit'), receive: wanted('receive') };
  }

  /** Interfaces of the configuration that the latest reading did not have. */
  missing: string[] = [];

  read(reading: ProcReading): Sample[] {
    const counted = (direction: Direction) =>
      parseNetDev(reading.netDev, { direction, wanted: this.#wanted[direction] });
    const byDirection = { transmit: counted('transmit'), receive: counted('receive') };
    const intervalMs = reading.monotonicMs - (this.#previousMs ?? reading.monotonicMs);
    const connections = this.#connections(reading.snmp, intervalMs);
    this.#previousMs = reading.monotonicMs;
    this.missing = [];
    return this.#links.flatMap((link) => {
      const counters = byDirection[link.direction].get(link.interface);
      if (counters === undefined) {
        this.missing.push(link.interface);
        this.#previous.delete(link.link);
        return [];
      }
      const isTransmit = link.direction === 'transmit';
      const queue = isTransmit ? reading.queues?.get(link.interface) : undefined;
      const sample = this.#sampleOf({ link: link.link, counters, queue, intervalMs, reading });
      return sample === undefined ? [] : [{ ...sample, connectionsPerSecond: connections }];
    });
  }

  #sampleOf(input: {
    link: string;
    counters: InterfaceCounters;
    queue: QueueReading | undefined;
    intervalMs: number;
    reading: ProcReading;
  }): Sample | undefined {
    const { link, queue, intervalMs, reading } = input;
    const previous = this.#previous.get(link);
    const counters = { ...input.counters, queueDropped: queue?.dropped };
    const growth = growthOf(previous, counters);
    const isSound = growth !== undefined && intervalMs > 0;
    const sequence = (previous?.sequence ?? 0) + (isSound ? 1 : 0);
    this.#previous.set(link, { ...counters, sequence });
    if (!isSound) return undefined;
    const perSecond = 1000 / intervalMs;
    return {
      link,
      sequence,
      timeUnixMs: reading.unixMs,
      intervalMs,
      throughputBytesPerSecond: growth.bytes * perSecond,
      packetsPerSecond: growth.packets * perSecond,
      droppedPackets: growth.dropped,
      queueBytes: queue?.bytes,
      queuePackets: queue?.packets,
      limitBytes: queue?.limitBytes,
      drainBytesPerSecond: queue?.drainBytesPerSecond,
      origin: 'proc',
    };
  }

  #connections(snmp: string | undefined, intervalMs: number): number | undefined {
    const opens = snmp === undefined ? undefined : parseTcpOpens(snmp);
    const previous = this.#previousOpens;
    this.#previousOpens = opens;
    if (opens === undefined || previous === undefined || intervalMs <= 0) return undefined;
    const growth = counterGrowth({ previous, current: opens });
    return growth === undefined ? undefined : (growth * 1000) / intervalMs;
  }
}

/** Counters of one link: the interface's own and those of its queue. */
type LinkCounters = InterfaceCounters & { queueDropped: bigint | undefined };

/**
 * `undefined` without a previous reading, or when any counter was reset. Bytes wrap long before
 * packets do, so both falling at once is an interface that was made anew, however high they stood.
 */
function growthOf(
  previous: LinkCounters | undefined,
  current: LinkCounters,
): { bytes: number; packets: number; dropped: number } | undefined {
  if (previous === undefined) return undefined;
  if (current.bytes < previous.bytes && current.packets < previous.packets) return undefined;
  const bytes = counterGrowth({ previous: previous.bytes, current: current.bytes });
  const packets = counterGrowth({ previous: previous.packets, current: current.packets });
  const dropped = counterGrowth({ previous: previous.dropped, current: current.dropped });
  if (bytes === undefined || packets === undefined || dropped === undefined) return undefined;
  return { bytes, packets, dropped: dropped + queueDrops(previous, current) };
}

/** A queue that was made anew, or is read for the first time, has dropped nothing yet. */
function queueDrops(previous: LinkCounters, current: LinkCounters): number {
  if (previous.queueDropped === undefined || current.queueDropped === undefined) return 0;
  return counterGrowth({ previous: previous.queueDropped, current: current.queueDropped }) ?? 0;
}
