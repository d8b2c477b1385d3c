import { strict as assert } from 'node:assert';
import { needBytes } from '@levitate/series';
import { ByteFifo } from '../byte-fifo.ts';
import {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './controlled-resource.ts';

const packetBytes = 1500;
const drainBytesPerSecond = 12_500_000;

/** The buffer of the control bench; sizes are bytes. */
export const bufferBench = {
  packetBytes,
  drainBytesPerSecond,
  /** 20 packets. */
  sizeMin: 20 * packetBytes,
  /** What drains within the latency budget of 150 ms, less 2 %: peak demand too. */
  sizeMax: 0.98 * 0.15 * drainBytesPerSecond,
  actuationDelayMs: 100,
  /** Load that every file is scaled to, of the drain; 0.2 and 0.4 are stated. */
  load: 0.3,
} as const;

/** What a queue can be asked about the last period. */
export interface BufferReading extends Reading {
  /** Of what arrived, bytes per second. */
  throughputBytesPerSecond: number;
  queueBytes: number;
}

/**
 * A queue at a link of 100 Mbit/s with a limit that acts 100 ms after the request, on the queue
 * simulator of 1 ms. Arrivals are packets of each millisecond of the trial. Loss is the reject; no
 * limit lets a packet wait beyond the budget, so delay costs nothing. Of a limit that falls, what
 * was more counts until the lower one acts, and until what is queued beyond it has drained.
 */
export class BoundedBuffer implements ControlledResource<number, ArrayLike<number>, BufferReading> {
  readonly #queue: ByteFifo;
  #periods = 0;
  #requested: number;
  #changes = 0;
  #reservedByteMs = 0;
  #countedFromPeriod = 0;
  #before = { arrivedPackets: 0, sentPackets: 0, droppedPackets: 0, backlogPackets: 0 };

  /** @param size limit at the start, bytes */
  constructor({ size }: { size: number }) {
    this.#requested = bounded(size);
    const limitBytes = this.#requested;
    this.#queue = new ByteFifo({ link: 'buffer', limitBytes, drainBytesPerSecond, packetBytes });
  }

  get inSystem(): number {
    return this.#queue.backlogPackets;
  }

  /** Bytes that count as reserved now. */
  get reserved(): number {
    const { limitBytes, backlogPackets } = this.#queue;
    return Math.max(limitBytes, this.#requested, backlogPackets * packetBytes);
  }

  request(size: number): void {
    const wanted = bounded(size);
    if (wanted === this.#requested) return;
    this.#requested = wanted;
    this.#changes++;
  }

  advance(packetsPerMs: ArrayLike<number>): BufferReading {
    const queue = this.#queue;
    const fromMs = this.#periods * controlPeriodMs;
    const toMs = fromMs + controlPeriodMs;
    assert(toMs <= packetsPerMs.length, `arrivals end before ${toMs} ms`);
    for (let ms = fromMs; ms < toMs; ms++) {
      queue.step(packetsPerMs[ms] as number);
      this.#reservedByteMs += this.reserved;
    }
    const sample = queue.takeSample(toMs);
    queue.setLimit(this.#requested);
    this.#periods++;
    const highWater = sample.queueHighWaterBytes as number;
    const rejected = sample.droppedPackets as number;
    const arrived = Math.round(((sample.packetsPerSecond as number) * controlPeriodMs) / 1000);
    return {
      nowMs: toMs,
      intervalMs: controlPeriodMs,
      size: this.#requested,
      requested: this.#requested,
      need: needBytes(sample) as number,
      dropped: sample.droppedBytes as number,
      arrived,
      served: arrived - rejected,
      rejected,
      delaySecondsMax: highWater / drainBytesPerSecond,
      throughputBytesPerSecond: sample.throughputBytesPerSecond as number,
      queueBytes: sample.queueBytes as number,
    };
  }

  startCounting(): void {
    this.#before = { ...this.#queue.counters, backlogPackets: this.#queue.backlogPackets };
    this.#countedFromPeriod = this.#periods;
    this.#reservedByteMs = 0;
    this.#changes = 0;
  }

  totals(): ResourceTotals {
    const { arrivedPackets, sentPackets, droppedPackets } = this.#queue.counters;
    const before = this.#before;
    const elapsedMs = (this.#periods - this.#countedFromPeriod) * controlPeriodMs;
    return {
      arrived: arrivedPackets - before.arrivedPackets,
      // What was queued when counting began leaves first.
      served: Math.max(0, sentPackets - before.sentPackets - before.backlogPackets),
      rejected: droppedPackets - before.droppedPackets,
      delayP99Seconds: undefined,
      reservedOverPeak: this.#reservedByteMs / (bufferBench.sizeMax * elapsedMs),
      changes: this.#changes,
      elapsedSeconds: elapsedMs / 1000,
    };
  }
}

/**
 * Packets of each millisecond at the bench's load: every count times one factor, rounded so that
 * what is left of one millisecond goes to the next and nothing is lost.
 * @param packetsPerMs of a whole file, not all 0 @param load of the drain
 */
export function scaledPackets(
  packetsPerMs: ArrayLike<number>,
  load: number = bufferBench.load,
): Uint32Array {
  let sum = 0;
  for (let ms = 0; ms < packetsPerMs.length; ms++) sum += packetsPerMs[ms] as number;
  assert(sum > 0, 'a file without a packet has no load to scale');
  const wanted = (load * drainBytesPerSecond * packetsPerMs.length) / 1000 / packetBytes;
  const scaled = new Uint32Array(packetsPerMs.length);
  let seen = 0;
  let given = 0;
  for (let ms = 0; ms < packetsPerMs.length; ms++) {
    seen += packetsPerMs[ms] as number;
    const due = Math.round((seen / sum) * wanted);
    scaled[ms] = due - given;
    given = due;
  }
  return scaled;
}

function bounded(size: number): number {
  return Math.min(bufferBench.sizeMax, Math.max(bufferBench.sizeMin, size));
}
