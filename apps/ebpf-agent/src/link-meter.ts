import type { QueueReading } from './kernel.ts';
import type { MeasuredInterval } from './measured-interval.ts';
import { dropsBetween, isReset } from './queue-counters.ts';

/** A queue that takes longer than this to drain has filled; less is how packets come, seconds. */
const FILLED_S = 0.005;

/** What the meter of a link counts besides samples. */
export interface MeterCounts {
  /** Times counters went back or the queue was another one. */
  resets: number;
  /** Times the queue was not there any more. */
  disappearances: number;
}

/** What a meter is made from. */
export interface LinkMeterOptions {
  /** Nominal distance of readings; the peak rate is never taken over less. */
  pollMs: number;
  /** Readings an interval may hold; later ones still count, but not in the latency quantiles. */
  readingsMax: number;
}

/**
 * Turns readings of one queue, one every 10 ms, into one sample an interval. Pure: time comes in as
 * an argument, and no reading is kept but the last.
 *
 * Arrivals are what left plus what stays plus what was dropped (`sent` delta + `backlog` delta +
 * drops): tbf and fifo count at the exit. The kernel counts drops in packets only, so dropped
 * bytes are an estimate: dropped packets times the mean size of the packets that arrived in the
 * same 10 ms, or of the last ones that did. Latency is the delay a byte arriving at a reading would
 * have had, backlog over drain; its quantiles are over the readings of the interval, which is over
 * time, not over packets.
 *
 * The high-water mark is what the queue can have reached between two readings, where it filled: a
 * burst of 20 ms is gone, or half drained, before anybody looks. At most one poll of drain too
 * high, and exact where packets were dropped, for then the queue was full.
 */
export class LinkMeter {
  readonly counts: MeterCounts = { resets: 0, disappearances: 0 };
  readonly #options: LinkMeterOptions;
  readonly #delays: Float64Array;
  #last: QueueReading | undefined;
  #lastMs = 0;
  #packetBytesMean: number | undefined;
  #openedMs: number | undefined;
  #interval = emptyInterval();

  constructor(options: LinkMeterOptions) {
    this.#options = options;
    this.#delays = new Float64Array(options.readingsMax);
  }

  /**
   * Take in one reading. @param nowMs monotonic
   * @param reading `undefined` when the queue is not there
   */
  observe(reading: QueueReading | undefined, nowMs: number): void {
    this.#openedMs ??= nowMs;
    const last = this.#last;
    this.#last = reading;
    const elapsedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (reading === undefined) {
      if (last !== undefined) this.counts.disappearances += 1;
      return;
    }
    this.#observeQueue(reading);
    if (last === undefined || elapsedMs <= 0) return;
    if (isReset(last, reading)) {
      this.counts.resets += 1;
      return;
    }
    this.#observeArrivals(last, reading, elapsedMs);
  }

  /**
   * Close the interval. @param nowMs monotonic
   * @returns what was measured in it; whatever was not is `undefined`
   */
  measure(nowMs: number): MeasuredInterval {
    const interval = this.#interval;
    const reading = this.#last;
    const intervalMs = nowMs - (this.#openedMs ?? nowMs);
    const seconds = interval.coveredMs / 1000;
    const isCovered = interval.coveredMs > 0;
    const delays = this.#delays.subarray(0, interval.delays).sort();
    this.#open(nowMs);
    return {
      intervalMs: intervalMs > 0 ? intervalMs : undefined,
      throughputBytesPerSecond: isCovered ? interval.arrivedBytes / seconds : undefined,
      packetsPerSecond: isCovered ? interval.arrivedPackets / seconds : undefined,
      throughputPeakBytesPerSecond: isCovered ? interval.peakBytesPerSecond : undefined,
      queueBytes: reading?.backlogBytes,
      queuePackets: reading?.backlogPackets,
      queueHighWaterBytes: interval.hasReading ? interval.highWaterBytes : undefined,
      latencyP50Seconds: quantile(delays, 0.5),
      latencyP95Seconds: quantile(delays, 0.95),
      latencyP99Seconds: quantile(delays, 0.99),
      droppedPackets: isCovered ? interval.droppedPackets : undefined,
      droppedBytes: isCovered ? interval.droppedBytes : undefined,
      limitBytes: reading?.limitBytes,
      drainBytesPerSecond: reading?.drainBytesPerSecond,
    };
  }

  /** Close the interval unmeasured: somebody else knows it better. @param nowMs monotonic */
  skip(nowMs: number): void {
    this.#open(nowMs);
  }

  #open(nowMs: number): void {
    this.#interval = emptyInterval();
    this.#openedMs = nowMs;
    // The queue now is also the start of the next interval, and counts in its high-water mark.
    if (this.#last !== undefined) this.#interval.highWaterBytes = this.#last.backlogBytes;
  }

  #observeQueue(reading: QueueReading): void {
    const interval = this.#interval;
    interval.hasReading = true;
    if (reading.backlogBytes > interval.highWaterBytes) {
      interval.highWaterBytes = reading.backlogBytes;
    }
    const drain = reading.drainBytesPerSecond;
    if (drain !== undefined && drain > 0 && interval.delays < this.#delays.length) {
      this.#delays[interval.delays] = reading.backlogBytes / drain;
      interval.delays += 1;
    }
  }

  #observeArrivals(last: QueueReading, reading: QueueReading, elapsedMs: number): void {
    const interval = this.#interval;
    const droppedPackets = dropsBetween(last, reading);
    const keptBytes = kept(
      last.sentBytes,
      reading.sentBytes,
      last.backlogBytes,
      reading.backlogBytes,
    );
    const keptPackets = kept(
      last.sentPackets,
      reading.sentPackets,
      last.backlogPackets,
      reading.backlogPackets,
    );
    if (keptPackets > 0 && keptBytes > 0) this.#packetBytesMean = keptBytes / keptPackets;
    const droppedBytes = this.#droppedBytes(last, reading, droppedPackets);
    const arrivedBytes = keptBytes + droppedBytes;
    this.#raiseHighWater({ last, reading, keptBytes, droppedPackets, elapsedMs });
    interval.coveredMs += elapsedMs;
    interval.arrivedBytes += arrivedBytes;
    interval.arrivedPackets += keptPackets + droppedPackets;
    interval.droppedPackets += droppedPackets;
    interval.droppedBytes += droppedBytes;
    // After a late reading the next one is early; its few milliseconds alone are no 10 ms mean.
    const rate = (arrivedBytes * 1000) / Math.max(elapsedMs, this.#options.pollMs);
    if (rate > interval.peakBytesPerSecond) interval.peakBytesPerSecond = rate;
  }

  #raiseHighWater(at: {
    last: QueueReading;
    reading: QueueReading;
    keptBytes: number;
    droppedPackets: number;
    elapsedMs: number;
  }): void {
    const { last, reading, keptBytes, elapsedMs } = at;
    const drain = reading.drainBytesPerSecond;
    if (drain === undefined || !(drain > 0)) return;
    const limitBytes = reading.limitBytes ?? Number.POSITIVE_INFINITY;
    const drainedBytes = (drain * elapsedMs) / 1000;
    const seenBytes = Math.max(last.backlogBytes, reading.backlogBytes);
    const hasFilled = keptBytes > drainedBytes || seenBytes > drain * FILLED_S;
    const reached = Math.min(last.backlogBytes + keptBytes, reading.backlogBytes + drainedBytes);
    const highWater = at.droppedPackets > 0 ? limitBytes : hasFilled ? reached : 0;
    const bounded = Math.min(highWater, limitBytes);
    if (Number.isFinite(bounded) && bounded > this.#interval.highWaterBytes) {
      this.#interval.highWaterBytes = bounded;
    }
  }

  #droppedBytes(last: QueueReading, reading: QueueReading, droppedPackets: number): number {
    if (reading.droppedBytes !== undefined && last.droppedBytes !== undefined) {
      return reading.droppedBytes - last.droppedBytes;
    }
    if (droppedPackets === 0) return 0;
    const meanSent = reading.sentPackets > 0 ? reading.sentBytes / reading.sentPackets : 0;
    return droppedPackets * (this.#packetBytesMean ?? meanSent);
  }
}

interface Interval {
  coveredMs: number;
  arrivedBytes: number;
  arrivedPackets: number;
  droppedPackets: number;
  droppedBytes: number;
  peakBytesPerSecond: number;
  highWaterBytes: number;
  hasReading: boolean;
  delays: number;
}

function emptyInterval(): Interval {
  return {
    coveredMs: 0,
    arrivedBytes: 0,
    arrivedPackets: 0,
    droppedPackets: 0,
    droppedBytes: 0,
    peakBytesPerSecond: 0,
    highWaterBytes: 0,
    hasReading: false,
    delays: 0,
  };
}

/** What left plus what stays; a queue that was emptied by force (link down) counts as nothing. */
function kept(sentBefore: number, sent: number, backlogBefore: number, backlog: number): number {
  return Math.max(0, sent - sentBefore + backlog - backlogBefore);
}

/** Nearest rank, of ascending values. */
function quantile(ascending: Float64Array, share: number): number | undefined {
  if (ascending.length === 0) return undefined;
  return ascending[Math.ceil(share * ascending.length) - 1];
}
