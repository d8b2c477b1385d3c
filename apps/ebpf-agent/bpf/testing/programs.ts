import { namespaceInode } from '@levitate/kernel';
import { BpfObject, possibleCpus, type TestRun, testRun } from '@levitate/kernel/bpf';
import { objectPath } from '../../src/ebpf/object-path.ts';
import { sizeMaps } from '../../src/ebpf/size-maps.ts';
import { Structs, type Values } from './structs.ts';

const SLOTS_PER_LINK = 32;
const LINKS = 64;
/** The ring of slots lasts 320 ms; a look that came later has lost some. */
const RING_MS = 300;
/** Test runs without a device of their own come from the loopback, which is always number 1. */
const LOOPBACK = 1;

/** The name of a program of the object. */
export type ProgramName =
  | 'xdp_buffer_control'
  | 'levitate_egress'
  | 'levitate_qdisc_enqueue'
  | 'levitate_qdisc_dequeue'
  | 'levitate_kfree_skb';

/** The programs and maps loaded for a test, nothing attached, and ways to write and read. */
export class Programs {
  readonly object: BpfObject;
  readonly #structs = new Structs(objectPath);

  constructor() {
    this.object = BpfObject.open(objectPath);
    sizeMaps(this.object, LINKS);
    this.object.load();
  }

  /** Make a device a link. @param netns of the device; that of this process by default */
  watch(link: number, ifindex = LOOPBACK, netns?: string): void {
    const inode = namespaceInode(netns) ?? 0;
    const key = this.#structs.encode('link_key', { netns_inum: inode, ifindex });
    this.object.map('link_index').update(key, keyOf(link));
  }

  unwatch(ifindex = LOOPBACK, netns?: string): void {
    const inode = namespaceInode(netns) ?? 0;
    this.object
      .map('link_index')
      .delete(this.#structs.encode('link_key', { netns_inum: inode, ifindex }));
  }

  /** Members of `struct link_config` and `struct buffer_config`; what is left out is 0. */
  configure(link: number, config: Values, buffer: Values = {}): void {
    const map = this.object.map('buffer_config_map');
    map.update(keyOf(link), this.#structs.encode('buffer_config', buffer));
    this.object
      .map('link_config_map')
      .update(keyOf(link), this.#structs.encode('link_config', config));
  }

  run(program: ProgramName, data: Buffer, repeat = 1, context?: Buffer): TestRun {
    return testRun({ program: this.object.program(program), data, repeat, context });
  }

  /** Sum over the processors. */
  counters(link: number): Values {
    return summed(this.#eachCpu('ingress_counters', 'ingress_counters', link));
  }

  /** Those of one processor; the others get 0. */
  writeCounters(link: number, processor: number, values: Values): void {
    const map = this.object.map('ingress_counters');
    const value = Buffer.alloc(map.lookupBytes);
    value.set(this.#structs.encode('ingress_counters', values), processor * map.cpuStrideBytes);
    map.update(keyOf(link), value);
  }

  /** A record of the ring buffer. */
  decodeEvent(record: Buffer): Values {
    return this.#structs.decode('microburst_event', record);
  }

  queue(link: number): Values {
    const bytes = Buffer.alloc(this.#structs.size('virtual_queue'));
    this.object.map('virtual_queue').lookup(keyOf(link), bytes);
    return this.#structs.decode('virtual_queue', bytes);
  }

  writeQueue(link: number, values: Values): void {
    this.object
      .map('virtual_queue')
      .update(keyOf(link), this.#structs.encode('virtual_queue', values));
  }

  /** Counts of the delay histogram over the processors, by bucket. */
  sojourn(link: number): number[] {
    const map = this.object.map('sojourn_histogram');
    const bytes = Buffer.alloc(map.lookupBytes);
    const counts = Array.from({ length: map.shape.valueBytes / 4 }, () => 0);
    for (let cpu = 0; cpu < this.processors; cpu++) {
      map.lookup(keyOf(cpu * LINKS + link), bytes);
      for (const bucket of counts.keys()) {
        counts[bucket] = (counts[bucket] ?? 0) + bytes.readUInt32LE(bucket * 4);
      }
    }
    return counts;
  }

  /** Drops of a link by reason number, over the processors. */
  drops(link: number): Map<number, Values> {
    const map = this.object.map('drop_reasons');
    const found = new Map<number, Values>();
    const key = Buffer.alloc(map.shape.keyBytes);
    for (let has = map.nextKey(undefined, key); has; has = map.nextKey(Buffer.from(key), key)) {
      const { link: of, reason } = this.#structs.decode('drop_key', key);
      const bytes = Buffer.alloc(map.lookupBytes);
      if (of !== link || reason === undefined || !map.lookup(key, bytes)) continue;
      found.set(reason, summed(this.#decodeEach('drop_count', bytes, map.cpuStrideBytes)));
    }
    return found;
  }

  /**
   * What the slots of a link count while `body` runs; the high-water mark is the highest. Slots
   * are emptied before. Where `body` took longer than the ring lasts, all is done again.
   */
  async counted(
    link: number,
    { prepare, body }: { prepare?: () => Promise<void>; body: () => void | Promise<void> },
  ): Promise<Values> {
    for (let attempt = 0; attempt < 50; attempt++) {
      await prepare?.();
      this.fillSlots(link, {});
      const start = performance.now();
      await body();
      const slots = this.#slots(link);
      if (performance.now() - start > RING_MS) continue;
      const highWater = Math.max(...slots.map((slot) => slot.high_water_bytes ?? 0));
      return { ...summed(slots), high_water_bytes: highWater };
    }
    throw new Error(`50 times in a row the body took longer than ${RING_MS} ms`);
  }

  /** Writes the same into every slot of a link, on every processor. */
  fillSlots(link: number, values: Values): void {
    const map = this.object.map('link_slots');
    const value = this.#structs.encode('link_slot', values);
    for (const index of this.#slotIndexes(link)) map.update(keyOf(index), value);
  }

  get processors(): number {
    return possibleCpus();
  }

  close(): void {
    this.object.close();
  }

  #slots(link: number): Values[] {
    return this.#slotIndexes(link).flatMap((index) =>
      this.#eachCpu('link_slots', 'link_slot', index),
    );
  }

  /** Of each processor the slots of one time lie side by side, link after link. */
  #slotIndexes(link: number): number[] {
    const rows = this.processors * SLOTS_PER_LINK;
    return Array.from({ length: rows }, (_, row) => row * LINKS + link);
  }

  #eachCpu(name: string, struct: string, index: number): Values[] {
    const map = this.object.map(name);
    const bytes = Buffer.alloc(map.lookupBytes);
    map.lookup(keyOf(index), bytes);
    return this.#decodeEach(struct, bytes, map.cpuStrideBytes);
  }

  #decodeEach(struct: string, bytes: Buffer, stride: number): Values[] {
    return Array.from({ length: bytes.length / stride }, (_, cpu) =>
      this.#structs.decode(struct, bytes.subarray(cpu * stride)),
    );
  }
}

function summed(each: readonly Values[]): Values {
  const total: Values = {};
  for (const values of each) {
    for (const [name, value] of Object.entries(values)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}

function keyOf(index: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(index);
  return key;
}
