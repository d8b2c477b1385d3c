import type { BpfObject } from '@levitate/kernel/bpf';
import type { VirtualQueueConfig, VirtualQueueTable } from '../actuators/virtual-queue-table.ts';
import {
  BUFFER_CONFIG,
  INGRESS_COUNTERS,
  LINK_CONFIG,
  LINK_MODE,
  VIRTUAL_QUEUE,
} from './layout.ts';
import { sumOverCpus } from './per-cpu.ts';

const PROBABILITY_ONE = 2 ** 32;
/** `GROUP_PACKETS_MAX`: the program times no fewer than one packet in so many. */
const TIMED_EVERY_MAX = 8;
/** A run is known to as many packets as are timed together: to an eighth of its threshold. */
const GROUPS_IN_THRESHOLD = 8;

/** How the XDP program of a link is to work. */
export interface IngressSettings {
  mode: 'off' | 'monitor' | 'police';
  /** Rate at which the virtual queue drains. */
  rateBytesPerSecond: number;
  queue: VirtualQueueConfig;
  /** Packets closer than this make a run, nanoseconds; 0: no detection. */
  microburstGapNs: number;
  /** That many in a run make a microburst. */
  microburstPackets: number;
}

/** What the XDP program of a link counted since it was loaded, and how its queue stands. */
export interface IngressReading {
  packets: number;
  bytes: number;
  syns: number;
  microbursts: number;
  policedPackets: number;
  policedBytes: number;
  overLimitPackets: number;
  eventsLost: number;
  /** Share of packets that the PID would drop, 0 to 1. */
  dropProbability: number;
  /** Of the virtual queue at the last step of the PID, bytes. */
  levelBytes: number;
}

/**
 * One packet in how many reads the clock, which is half of what a packet costs: each where packets
 * are dropped by it, else so many that a microburst at its threshold is still eight readings.
 */
export function timedEvery(
  settings: Pick<IngressSettings, 'mode' | 'microburstGapNs' | 'microburstPackets'>,
): number {
  const { mode, microburstGapNs, microburstPackets } = settings;
  if (mode === 'police') return 1;
  if (microburstGapNs === 0 || microburstPackets < 2) return TIMED_EVERY_MAX;
  const share = Math.floor(microburstPackets / GROUPS_IN_THRESHOLD);
  return Math.min(TIMED_EVERY_MAX, Math.max(1, share));
}

/** The maps by which user space steers and reads the XDP program, by number of the link. */
export class Ingress {
  readonly #object: BpfObject;
  readonly #key = Buffer.alloc(4);
  readonly #config = Buffer.alloc(BUFFER_CONFIG.bytes);
  readonly #counters: Buffer;
  readonly #queue = Buffer.alloc(VIRTUAL_QUEUE.bytes);

  constructor(object: BpfObject) {
    this.#object = object;
    this.#counters = Buffer.alloc(object.map('ingress_counters').lookupBytes);
  }

  /** Identity of the map of virtual queues: a record of another's entries is void. */
  get tableId(): string {
    return String(this.#object.map('buffer_config_map').id);
  }

  /** Set a link up. @throws KernelError */
  configure(link: number, settings: IngressSettings): void {
    this.writeQueue(link, settings.queue);
    const config = Buffer.alloc(LINK_CONFIG.bytes);
    const rate = BigInt(Math.round(settings.rateBytesPerSecond));
    config.writeBigUInt64LE(rate, LINK_CONFIG.rateBytesPerSecond);
    config.writeUInt32LE(LINK_MODE[settings.mode], LINK_CONFIG.mode);
    config.writeUInt32LE(settings.microburstGapNs, LINK_CONFIG.microburstGapNs);
    config.writeUInt32LE(settings.microburstPackets, LINK_CONFIG.microburstPackets);
    config.writeUInt32LE(timedEvery(settings), LINK_CONFIG.timedEvery);
    this.#object.map('link_config_map').update(this.#keyOf(link), config);
  }

  /** @throws KernelError */
  readQueue(link: number): VirtualQueueConfig {
    const config = this.#config;
    this.#object.map('buffer_config_map').lookup(this.#keyOf(link), config);
    return {
      maxSize: Number(config.readBigUInt64LE(BUFFER_CONFIG.maxSize)),
      kp: config.readUInt32LE(BUFFER_CONFIG.kp),
      ki: config.readUInt32LE(BUFFER_CONFIG.ki),
      kd: config.readUInt32LE(BUFFER_CONFIG.kd),
    };
  }

  /** @throws KernelError */
  writeQueue(link: number, { maxSize, kp, ki, kd }: VirtualQueueConfig): void {
    const config = this.#config;
    config.writeBigUInt64LE(BigInt(maxSize), BUFFER_CONFIG.maxSize);
    config.writeUInt32LE(kp, BUFFER_CONFIG.kp);
    config.writeUInt32LE(ki, BUFFER_CONFIG.ki);
    config.writeUInt32LE(kd, BUFFER_CONFIG.kd);
    this.#object.map('buffer_config_map').update(this.#keyOf(link), config);
  }

  /** @throws KernelError */
  read(link: number): IngressReading {
    const map = this.#object.map('ingress_counters');
    map.lookup(this.#keyOf(link), this.#counters);
    const value = { start: 0, bytes: map.lookupBytes };
    const sum = (offset: number) =>
      sumOverCpus(this.#counters, { value, strideBytes: map.cpuStrideBytes, offset });
    this.#object.map('virtual_queue').lookup(this.#keyOf(link), this.#queue);
    return {
      packets: sum(INGRESS_COUNTERS.packets),
      bytes: sum(INGRESS_COUNTERS.byteCount),
      syns: sum(INGRESS_COUNTERS.syns),
      microbursts: sum(INGRESS_COUNTERS.microbursts),
      policedPackets: sum(INGRESS_COUNTERS.policedPackets),
      policedBytes: sum(INGRESS_COUNTERS.policedBytes),
      overLimitPackets: sum(INGRESS_COUNTERS.overLimitPackets),
      eventsLost: sum(INGRESS_COUNTERS.eventsLost),
      dropProbability: this.#queue.readUInt32LE(VIRTUAL_QUEUE.dropProbability) / PROBABILITY_ONE,
      levelBytes: Number(this.#queue.readBigUInt64LE(VIRTUAL_QUEUE.levelBytes)),
    };
  }

  /** The virtual queues of links that have one, by name. */
  table(numbers: ReadonlyMap<string, number>): VirtualQueueTable {
    return {
      id: this.tableId,
      read: (link) => {
        const number = numbers.get(link);
        return number === undefined ? undefined : this.readQueue(number);
      },
      write: (link, config) => {
        const number = numbers.get(link);
        if (number !== undefined) this.writeQueue(number, config);
      },
    };
  }

  #keyOf(link: number): Buffer {
    this.#key.writeUInt32LE(link);
    return this.#key;
  }
}
