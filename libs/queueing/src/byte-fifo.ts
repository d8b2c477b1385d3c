import { strict as assert } from 'node:assert';
import type { Sample } from '@levitate/series';
import { DelayTally } from './delay-tally.ts';

/** A step of the simulator, milliseconds. */
const STEP_MS = 1;
/** The part of a sample whose highest rate is reported, steps: as the agent polls. */
const PEAK_STEPS = 10;

/** A byte-limited queue behind a token bucket, as `tbf rate R burst B limit N` makes it. */
export interface ByteFifoOptions {
  link: string;
  limitBytes: number;
  drainBytesPerSecond: number;
  /** Every packet has this size; default 1,500. */
  packetBytes?: number;
  /** Depth of the token bucket; default 16,384. It holds at least one packet. */
  burstBytes?: number;
}

/** Counters since the start, as a qdisc has them. */
export interface ByteFifoCounters {
  arrivedPackets: number;
  sentPackets: number;
  droppedPackets: number;
}

/**
 * Queue simulator of 1 ms steps: arrivals of a step come first, those beyond the limit are dropped
 * at the tail, then whole packets leave as far as tokens reach. So the high-water mark counts a
 * step's arrivals without what drains meanwhile: at most one millisecond of drain too high.
 * It gives the samples that the agent would give for such a queue.
 */
export class ByteFifo {
  readonly #link: string;
  readonly #packetBytes: number;
  readonly #burstBytes: number;
  #drainBytesPerSecond: number;
  #limitBytes: number;
  #backlogPackets = 0;
  #tokens: number;
  readonly #counters: ByteFifoCounters = { arrivedPackets: 0, sentPackets: 0, droppedPackets: 0 };
  #interval = new Interval();
  #sequence = 0;

  constructor(options: ByteFifoOptions) {
    this.#link = options.link;
    this.#packetBytes = options.packetBytes ?? 1500;
    this.#burstBytes = Math.max(this.#packetBytes, options.burstBytes ?? 16_384);
    this.#tokens = this.#burstBytes;
    this.#limitBytes = options.limitBytes;
    this.#drainBytesPerSecond = options.drainBytesPerSecond;
    assert(options.drainBytesPerSecond >= 0, 'a queue cannot drain backwards');
    assert(options.limitBytes >= 0, 'a queue cannot hold less than nothing');
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  get backlogPackets(): number {
    return this.#backlogPackets;
  }

  get counters(): Readonly<ByteFifoCounters> {
    return this.#counters;
  }

  /** Change the limit. As in the kernel, what is already queued stays, even beyond it. */
  setLimit(limitBytes: number): void {
    assert(limitBytes >= 0, `a queue cannot hold ${limitBytes} bytes`);
    this.#limitBytes = limitBytes;
  }

  /** Change the drain, for traffic that collapses it. */
  setDrain(bytesPerSecond: number): void {
    assert(bytesPerSecond >= 0, `a queue cannot drain at ${bytesPerSecond} bytes/s`);
    this.#drainBytesPerSecond = bytesPerSecond;
  }

  /** One millisecond. @param packets whole number that arrives in it */
  step(packets: number): { dropped: number; sent: number } {
    const size = this.#packetBytes;
    const room = Math.floor(this.#limitBytes / size) - this.#backlogPackets;
    const dropped = packets - Math.min(packets, Math.max(0, room));
    this.arrive({ packets, dropped });
    return { dropped, sent: this.drain() };
  }

  /**
   * First half of a millisecond, where somebody else decides what is dropped: a memory that several
   * queues share. More dropped than arrived pushes queued packets out at the tail; the delay they
   * were reported with when they came stays as it is.
   */
  arrive({ packets, dropped }: { packets: number; dropped: number }): void {
    const accepted = packets - dropped;
    assert(this.#backlogPackets + accepted >= 0, `cannot drop ${dropped} packets, there are fewer`);
    this.#interval.delays.add({
      firstAhead: this.#backlogPackets,
      count: Math.max(0, accepted),
      secondsPerPacket: this.#packetBytes / this.#drainBytesPerSecond,
    });
    this.#backlogPackets += accepted;
    this.#counters.arrivedPackets += packets;
    this.#counters.droppedPackets += dropped;
    this.#interval.add({ packets, dropped, highWater: this.#backlogPackets });
  }

  /** Second half of a millisecond. @returns packets that left */
  drain(): number {
    const size = this.#packetBytes;
    const earned = (this.#drainBytesPerSecond * STEP_MS) / 1000;
    this.#tokens = Math.min(this.#burstBytes, this.#tokens + earned);
    const sent = Math.min(this.#backlogPackets, Math.floor(this.#tokens / size));
    this.#backlogPackets -= sent;
    this.#tokens -= sent * size;
    this.#counters.sentPackets += sent;
    return sent;
  }

  /** Begin a fresh interval without a sample of the last one, where nobody reads it. */
  skipSample(): void {
    this.#interval = new Interval();
  }

  /** The sample of the steps since the last one, and a fresh interval. At least one step. */
  takeSample(timeUnixMs: number): Sample {
    const interval = this.#interval;
    assert(interval.steps > 0, 'a sample needs at least one step');
    this.#interval = new Interval();
    const seconds = (interval.steps * STEP_MS) / 1000;
    const size = this.#packetBytes;
    const delays = interval.delays;
    return {
      link: this.#link,
      sequence: this.#sequence++,
      timeUnixMs,
      intervalMs: interval.steps * STEP_MS,
      throughputBytesPerSecond: (interval.packets * size) / seconds,
      packetsPerSecond: interval.packets / seconds,
      throughputPeakBytesPerSecond: interval.peakPacketsPerSecond() * size,
      queueBytes: this.#backlogPackets * size,
      queuePackets: this.#backlogPackets,
      queueHighWaterBytes: interval.highWater * size,
      latencyP50Seconds: delays.quantile(0.5),
      latencyP95Seconds: delays.quantile(0.95),
      latencyP99Seconds: delays.quantile(0.99),
      droppedPackets: interval.dropped,
      droppedBytes: interval.dropped * size,
      limitBytes: this.#limitBytes,
      drainBytesPerSecond: this.#drainBytesPerSecond,
      origin: 'simulated',
    };
  }
}

/** Sums over the steps of one sample. */
class Interval {
  steps = 0;
  packets = 0;
  dropped = 0;
  highWater = 0;
  readonly delays = new DelayTally();
  #partPackets = 0;
  #partSteps = 0;
  #peak = 0;

  add(step: { packets: number; dropped: number; highWater: number }): void {
    this.steps++;
    this.packets += step.packets;
    this.dropped += step.dropped;
    this.highWater = Math.max(this.highWater, step.highWater);
    this.#partPackets += step.packets;
    this.#partSteps++;
    if (this.#partSteps < PEAK_STEPS) return;
    this.#peak = Math.max(this.#peak, this.#partPackets / PEAK_STEPS);
    this.#partPackets = 0;
    this.#partSteps = 0;
  }

  /** An interval shorter than a part is its own peak. */
  peakPacketsPerSecond(): number {
    const perStep = this.steps < PEAK_STEPS ? this.packets / this.steps : this.#peak;
    return (perStep * 1000) / STEP_MS;
  }
}
