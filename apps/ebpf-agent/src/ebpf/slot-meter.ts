import type { QueueReading } from '../kernel.ts';
import type { MeasuredInterval } from '../measured-interval.ts';
import { dropsBetween, isReset } from '../queue-counters.ts';
import { SLOT_MS } from './layout.ts';
import type { SlotWindow } from './slot-window.ts';
import type { SojournQuantiles } from './sojourn.ts';

/** What one interval of one link is made of. */
export interface SlotInterval {
  window: SlotWindow;
  /** Delay of the packets that left; `undefined` when none did. */
  sojourn: SojournQuantiles | undefined;
  /**
   * The queue as it was when it was asked last, the same object until it is asked again;
   * `undefined` when it is not there.
   */
  reading: QueueReading | undefined;
}

/**
 * Turns what the kernel kept of one link, in slots of 10 ms, into one sample an interval. Arrivals,
 * peak, connections, high-water mark and delay are the programs' and exact; drops are the queue's
 * own counter, which also counts what the programs cannot see, and their bytes are packets times
 * the mean size of the packets seen dropped. Pure.
 */
export class SlotMeter {
  #last: QueueReading | undefined;
  #backlog: Backlog | undefined;

  /** Close an interval; a value that was not measured in it is `undefined`. */
  measure({ window, sojourn, reading }: SlotInterval): MeasuredInterval {
    const last = this.#last;
    this.#last = reading;
    const backlog = this.#backlogOf({ window, reading, isAsked: reading !== last });
    const seconds = (window.slots * SLOT_MS) / 1000;
    const droppedPackets = droppedOf(last, reading) ?? window.droppedPackets;
    const delay = sojourn ?? standingDelay(backlog, reading);
    return {
      intervalMs: window.slots > 0 ? window.slots * SLOT_MS : undefined,
      throughputBytesPerSecond: seconds > 0 ? window.bytes / seconds : undefined,
      packetsPerSecond: seconds > 0 ? window.packets / seconds : undefined,
      throughputPeakBytesPerSecond: seconds > 0 ? (window.bytesMax * 1000) / SLOT_MS : undefined,
      connectionsPerSecond: seconds > 0 ? window.syns / seconds : undefined,
      queueBytes: backlog?.bytes,
      queuePackets: backlog?.packets,
      queueHighWaterBytes: highWater(window, backlog),
      latencyP50Seconds: delay?.p50,
      latencyP95Seconds: delay?.p95,
      latencyP99Seconds: delay?.p99,
      droppedPackets,
      droppedBytes: droppedPackets * packetBytesMean(window),
      limitBytes: reading?.limitBytes,
      drainBytesPerSecond: reading?.drainBytesPerSecond,
    };
  }

  /** As it stands: asked, else as the last packet found it, else as it stood before. */
  #backlogOf(at: { window: SlotWindow; reading: QueueReading | undefined; isAsked: boolean }) {
    const { window, reading, isAsked } = at;
    if (reading === undefined) this.#backlog = undefined;
    else if (isAsked) {
      this.#backlog = { bytes: reading.backlogBytes, packets: reading.backlogPackets };
    } else this.#backlog = window.backlog ?? this.#backlog;
    return this.#backlog;
  }
}

type Backlog = NonNullable<SlotWindow['backlog']>;

/** What the queue itself counted; `undefined` where it cannot be compared. */
function droppedOf(
  last: QueueReading | undefined,
  reading: QueueReading | undefined,
): number | undefined {
  if (last === undefined || reading === undefined || isReset(last, reading)) return undefined;
  return dropsBetween(last, reading);
}

function packetBytesMean(window: SlotWindow): number {
  if (window.droppedPackets > 0) return window.droppedBytes / window.droppedPackets;
  return window.packets > 0 ? window.bytes / window.packets : 0;
}

/** The tracepoint says how high the queue stood; what stands there now is part of it. */
function highWater(window: SlotWindow, backlog: Backlog | undefined): number | undefined {
  if (backlog === undefined) return undefined;
  return Math.max(window.highWaterBytes, backlog.bytes);
}

/** Nothing left, so nobody waited; what a packet arriving now would wait, where that is known. */
function standingDelay(
  backlog: Backlog | undefined,
  reading: QueueReading | undefined,
): SojournQuantiles | undefined {
  const drain = reading?.drainBytesPerSecond;
  if (backlog === undefined || drain === undefined || !(drain > 0)) return undefined;
  const delay = backlog.bytes / drain;
  return { p50: delay, p95: delay, p99: delay };
}
