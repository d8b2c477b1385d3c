import { KernelError } from '../kernel-error.ts';
import { pageBytes } from '../page-bytes.ts';
import type { BpfMap } from './bpf-map.ts';
import { MAP_TYPE } from './map-type.ts';
import { type MemoryMap, mapMemory } from './memory-map.ts';
import { objectInfo } from './object-info.ts';

const HEADER_BYTES = 8;
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const LENGTH_MASK = 0x3fff_ffff;
const RECORDS_MAX = 1024;
const RECORD_BYTES_MAX = 4096;

/** What a reader takes at once. */
export interface RingBufferOptions {
  /** Longest record that is handed out, bytes; longer ones are counted. Default 4,096. */
  recordBytesMax?: number | undefined;
}

/** What went through a reader since it was opened. */
export interface RingBufferStatistics {
  /** Handed out. */
  records: number;
  /** Given up by the program that had reserved them. */
  discarded: number;
  /** Longer than `recordBytesMax`: skipped. */
  oversized: number;
  /** Most bytes that were waiting when a read began, of `capacityBytes`. */
  pendingBytesMax: number;
  capacityBytes: number;
}

/**
 * The reading end of a BPF ring buffer (the kernel's `Documentation/bpf/ringbuf.rst`), over its
 * memory itself: no call into the kernel, no callback from native code, no thread. It never waits,
 * so the caller reads at its own tick. A record that finds no room is lost in the kernel, which
 * does not count it: the program that wanted to write it must. One reader per ring buffer.
 */
export class RingBuffer {
  readonly #consumer: MemoryMap;
  readonly #producer: MemoryMap;
  readonly #consumerPosition: BigUint64Array;
  readonly #producerPosition: BigUint64Array;
  readonly #headers: Int32Array;
  readonly #records: Uint8Array;
  readonly #record: Buffer;
  readonly #name: string;
  readonly #statistics: RingBufferStatistics;
  #isOpen = true;

  /** @throws KernelError `out-of-range` for a map of another type */
  static open(map: BpfMap, options: RingBufferOptions = {}): RingBuffer {
    return new RingBuffer(map, options);
  }

  private constructor(map: BpfMap, options: RingBufferOptions) {
    const { recordBytesMax = RECORD_BYTES_MAX } = options;
    const { name, type } = map.shape;
    const isBound = Number.isInteger(recordBytesMax) && recordBytesMax >= 1;
    if (type !== MAP_TYPE.ringBuffer || !isBound || recordBytesMax > LENGTH_MASK) {
      const what = `reading the map ${name} as a ring buffer, records up to ${recordBytesMax} B`;
      const why = type === MAP_TYPE.ringBuffer ? 'that is no length' : `its type is ${type}`;
      const next = 'name a map of type BPF_MAP_TYPE_RINGBUF (27) and a length of 1 B or more';
      throw new KernelError({ code: 'out-of-range', what, why, next });
    }
    // Of the kernel, which rounds it up; a pinned map knows nothing else anyway.
    const capacityBytes = objectInfo(map.fd, `map ${name}`).getUint32(16, true);
    const page = pageBytes();
    this.#name = name;
    this.#record = Buffer.alloc(recordBytesMax);
    this.#consumer = mapMemory(map.fd, { offset: 0, length: page, isWritable: true });
    try {
      // The data lie there twice, one after the other: no record has a seam.
      const length = page + 2 * capacityBytes;
      this.#producer = mapMemory(map.fd, { offset: page, length, isWritable: false });
    } catch (error) {
      this.#consumer.close();
      throw error;
    }
    this.#consumerPosition = new BigUint64Array(this.#consumer.bytes, 0, 1);
    this.#producerPosition = new BigUint64Array(this.#producer.bytes, 0, 1);
    this.#headers = new Int32Array(this.#producer.bytes, page, (2 * capacityBytes) / 4);
    this.#records = new Uint8Array(this.#producer.bytes, page, 2 * capacityBytes);
    this.#statistics = {
      records: 0,
      discarded: 0,
      oversized: 0,
      pendingBytesMax: 0,
      capacityBytes,
    };
  }

  get statistics(): Readonly<RingBufferStatistics> {
    return this.#statistics;
  }

  /**
   * Hand out what is there, oldest first.
   * @param onRecord the bytes are valid only during the call. When it throws, the record counts as
   *   handed out and the error goes on.
   * @param recordsMax at most so many, the rest stays for the next call. Default 1,024.
   * @returns how many were handed out
   * @throws KernelError `bad-answer` when the memory makes no sense
   */
  consume(onRecord: (record: Buffer) => void, recordsMax = RECORDS_MAX): number {
    if (!this.#isOpen) return 0;
    const start = Number(Atomics.load(this.#consumerPosition, 0));
    const end = Number(Atomics.load(this.#producerPosition, 0));
    this.#statistics.pendingBytesMax = Math.max(this.#statistics.pendingBytesMax, end - start);
    let at = start;
    let handed = 0;
    try {
      for (let seen = 0; at < end && seen < recordsMax; seen++) {
        // A record still being written stops the read: order is kept.
        const header = Atomics.load(this.#headers, this.#offset(at) / 4) >>> 0;
        if ((header & BUSY) !== 0) break;
        const payload = this.#offset(at) + HEADER_BYTES;
        const length = header & LENGTH_MASK;
        const step = (length + HEADER_BYTES + 7) & ~7;
        if (step > end - at) throw this.#broken(length, end - at);
        at += step;
        if (!this.#keep(header, payload, length)) continue;
        handed += 1;
        onRecord(this.#record.subarray(0, length));
      }
    } finally {
      if (at !== start) Atomics.store(this.#consumerPosition, 0, BigInt(at));
    }
    return handed;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#consumer.close();
    this.#producer.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #offset(position: number): number {
    return position % this.#statistics.capacityBytes;
  }

  /** Copies the record, for the memory becomes the kernel's again. */
  #keep(header: number, payload: number, length: number): boolean {
    if ((header & DISCARDED) !== 0) {
      this.#statistics.discarded += 1;
      return false;
    }
    if (length > this.#record.length) {
      this.#statistics.oversized += 1;
      return false;
    }
    this.#record.set(this.#records.subarray(payload, payload + length));
    this.#statistics.records += 1;
    return true;
  }

  #broken(length: number, left: number): KernelError {
    return new KernelError({
      code: 'bad-answer',
      what: `reading the ring buffer ${this.#name}`,
      why: `a record of ${length} B where ${left} B are left: something else writes into it`,
      next: 'close it and load the object again',
    });
  }
}
