import { strict as assert } from 'node:assert';
import type { Sample } from '@levitate/series';
import { ByteFifo, type ByteFifoCounters } from '../byte-fifo.ts';
import type { Admission } from './admission.ts';

/** Depth of each token bucket: so much, and what drains within this, whichever is more. */
const BURST_BYTES_MIN = 16_384;
const BURST_MS = 2;

/** Queues that take their packets' room from one memory. */
export interface SharedMemoryOptions {
  queues: readonly { link: string; drainBytesPerSecond: number }[];
  memoryBytes: number;
  admission: Admission;
  /** Every packet has this size; default 1,500. */
  packetBytes?: number;
}

/**
 * Several queues with one packet memory, in steps of 1 ms: the packets of a step come first, queue
 * by queue in turns (another queue begins in each step), and the rule of admission says which are
 * dropped; then each queue drains at its own rate, as `ByteFifo` does, whose samples it gives. The
 * queues together never hold more than the memory, whatever their limits are.
 */
export class SharedMemory {
  readonly memoryBytes: number;
  readonly #queues: readonly ByteFifo[];
  readonly #admission: Admission;
  readonly #packetBytes: number;
  readonly #backlog: Int32Array;
  readonly #dropped: Int32Array;
  readonly #limitBytes: Float64Array;
  #first = 0;

  constructor(options: SharedMemoryOptions) {
    const { queues, memoryBytes, admission, packetBytes = 1500 } = options;
    assert(queues.length > 0 && memoryBytes >= 0, 'a shared memory needs queues and a size');
    this.memoryBytes = memoryBytes;
    this.#admission = admission;
    this.#packetBytes = packetBytes;
    this.#queues = queues.map(
      (queue) =>
        new ByteFifo({
          ...queue,
          limitBytes: memoryBytes,
          packetBytes,
          // A bucket that holds less than a step's drain would be the drain.
          burstBytes: Math.max(BURST_BYTES_MIN, (BURST_MS * queue.drainBytesPerSecond) / 1000),
        }),
    );
    this.#backlog = new Int32Array(queues.length);
    this.#dropped = new Int32Array(queues.length);
    this.#limitBytes = new Float64Array(queues.length).fill(memoryBytes);
  }

  get limitBytes(): readonly number[] {
    return Array.from(this.#limitBytes);
  }

  /** Bytes in each queue. */
  get queuedBytes(): readonly number[] {
    return this.#queues.map((queue) => queue.backlogPackets * this.#packetBytes);
  }

  /** Counters of each queue since the start; what was pushed out counts as dropped. */
  get counters(): readonly Readonly<ByteFifoCounters>[] {
    return this.#queues.map((queue) => queue.counters);
  }

  /** New limits, one a queue, for a rule that goes by limits; what is queued already stays. */
  setLimits(limitBytes: readonly number[]): void {
    assert(limitBytes.length === this.#queues.length, 'one limit a queue');
    limitBytes.forEach((bytes, index) => {
      this.#queues[index]?.setLimit(bytes);
      this.#limitBytes[index] = bytes;
    });
  }

  /** One millisecond. @param arriving packets by queue */
  step(arriving: ArrayLike<number>): void {
    const queues = this.#queues;
    for (let index = 0; index < queues.length; index++) {
      this.#backlog[index] = (queues[index] as ByteFifo).backlogPackets;
    }
    this.#dropped.fill(0);
    this.#admission.admit({
      arriving,
      backlog: this.#backlog,
      dropped: this.#dropped,
      memoryPackets: Math.floor(this.memoryBytes / this.#packetBytes),
      packetBytes: this.#packetBytes,
      limitBytes: this.#limitBytes,
      first: this.#first,
    });
    this.#first = (this.#first + 1) % queues.length;
    for (let index = 0; index < queues.length; index++) {
      const queue = queues[index] as ByteFifo;
      queue.arrive({ packets: arriving[index] as number, dropped: this.#dropped[index] as number });
      queue.drain();
    }
  }

  /** One sample a queue of the steps since the last ones. */
  takeSamples(timeUnixMs: number): Sample[] {
    return this.#queues.map((queue) => queue.takeSample(timeUnixMs));
  }

  /** Begin fresh intervals without samples, for a rule that nobody controls. */
  skipSamples(): void {
    for (const queue of this.#queues) queue.skipSample();
  }
}
