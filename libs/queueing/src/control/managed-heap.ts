import { strict as assert } from 'node:assert';
import type { ArrivalStream } from './arrival-stream.ts';
import { CollectedHeap, heapBench, heapNeed, heldBytesAt } from './collected-heap.ts';
import {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './controlled-resource.ts';
import { RecentPeak } from './recent-peak.ts';
import { ServiceStation } from './service-station.ts';

/** Requests a second at peak demand. */
const peak = 1000;

/** The memory of the control bench; sizes are bytes of the soft ceiling. */
export const managedHeapBench = {
  cores: 16,
  collectorCores: 4,
  /** CPU of each request, milliseconds. */
  serviceMs: 13.6,
  peak,
  sizeMin: 1e9,
  sizeMax: heapBench.hardBytesMax,
  /** Committed falls to the peak use of so many seconds; 300 is stated. */
  uncommitSeconds: 30,
  /** What a heap needs at peak demand, bytes: what committed is measured by unless told. */
  peakNeedBytes: heapNeed({
    liveBytes: heapBench.liveBytesMin + heldBytesAt(peak),
    allocationBytesPerSecond: peak * heapBench.allocatedBytesPerRequest,
  }),
} as const;

const { cores, collectorCores, serviceMs, sizeMin, sizeMax } = managedHeapBench;
/** Longest time over which bytes flow evenly, and the shortest. */
const stepMsMax = 10;
const stepMsMin = 1;
/** All cores at work allocate so much, bytes per millisecond. */
const bytesPerMsMax = (cores * heapBench.allocatedBytesPerRequest) / serviceMs;

/** Settings of a {@link ManagedHeap}. */
export interface ManagedHeapOptions {
  /** Soft ceiling at the start, bytes. */
  size: number;
  /** Xms = Xmx = `size`: all of it committed, stalls at it, no control. Default false. */
  isFixed?: boolean;
  /** Rate before the start, which decides what is held; default 0. */
  requestsPerSecond?: number;
  /** Default 30. */
  uncommitSeconds?: number;
  /** Fixed from training; default what the formula says at peak demand. */
  peakNeedBytes?: number;
}

/** What a heap can be asked about the last period; sizes and needs are bytes. */
export interface ManagedHeapReading extends Reading {
  allocationBytesPerSecond: number;
  /** Share of the period in which a cycle ran, 0..1. */
  collectorDuty: number;
  /** Cycles that ended. */
  cycles: number;
  /** In which nothing could be allocated. */
  stallSeconds: number;
  usedBytes: number;
  committedBytes: number;
  /** What the last cycle found live. */
  liveBytes: number;
}

/**
 * A server with a collected heap: each request needs 13.6 ms of a core and 2 MB; a cycle takes
 * four of the sixteen cores; at the hard maximum everything stands still until one ends. The soft
 * ceiling acts at once. Its need is the room at which cycles just follow one another, from what a
 * controller can see, and what those that gave up would have allocated.
 */
export class ManagedHeap implements ControlledResource<number, ArrivalStream, ManagedHeapReading> {
  readonly #heap: CollectedHeap;
  readonly #station: ServiceStation;
  readonly #isFixed: boolean;
  readonly #peakNeedBytes: number;
  readonly #recentPeak: RecentPeak;
  readonly #allCores = speedsOn(cores);
  readonly #fewerCores = speedsOn(cores - collectorCores);
  #committedBytes: number;
  #requests = 0;
  #changes = 0;
  #countedFromMs = 0;
  #committedByteMs = 0;
  #collectingMs = 0;

  constructor(options: ManagedHeapOptions) {
    const { requestsPerSecond = 0, isFixed = false } = options;
    const softBytes = bounded(options.size);
    const hardBytes = isFixed ? softBytes : heapBench.hardBytesMax;
    this.#isFixed = isFixed;
    this.#heap = new CollectedHeap({ softBytes, hardBytes, requestsPerSecond });
    this.#committedBytes = isFixed ? softBytes : this.#heap.usedBytes;
    this.#peakNeedBytes = options.peakNeedBytes ?? managedHeapBench.peakNeedBytes;
    const seconds = options.uncommitSeconds ?? managedHeapBench.uncommitSeconds;
    this.#recentPeak = new RecentPeak(Math.round((seconds * 1000) / controlPeriodMs));
    this.#station = new ServiceStation({
      size: cores,
      sizeMax: cores,
      serviceMs,
      isFixed: true,
      actuationDelayMs: 0,
      releaseDelayMs: 0,
      speeds: this.#allCores,
    });
  }

  get inSystem(): number {
    return this.#station.busy + this.#station.waiting;
  }

  /** Bytes that count as reserved now. */
  get reserved(): number {
    return this.#committedBytes;
  }

  request(size: number): void {
    const wanted = bounded(size);
    if (wanted === this.#heap.softBytes) return;
    assert(!this.#isFixed, 'a heap of fixed size has no ceiling to move');
    this.#heap.softBytes = wanted;
    this.#changes++;
  }

  advance(arrivals: ArrivalStream): ManagedHeapReading {
    const heap = this.#heap;
    const station = this.#station;
    const fromMs = station.nowMs;
    const endMs = Math.round(fromMs / controlPeriodMs + 1) * controlPeriodMs;
    const { cycles } = heap;
    const { peakBytes, collectingMs, stallMs } = this.#flow(endMs, arrivals);
    this.#collectingMs += collectingMs;
    const recentBytes = this.#recentPeak.add(peakBytes);
    this.#committedBytes = this.#isFixed ? heap.hardBytes : recentBytes;
    this.#committedByteMs += this.#committedBytes * (endMs - fromMs);
    const period = station.tally.takePeriod(this.inSystem);
    const dropped = period.rejected * heapBench.allocatedBytesPerRequest;
    const { allocationBytesPerSecond, lastLiveBytes: liveBytes } = heap;
    return {
      nowMs: endMs,
      intervalMs: controlPeriodMs,
      size: heap.softBytes,
      requested: heap.softBytes,
      need: heapNeed({ liveBytes, allocationBytesPerSecond }) + dropped,
      dropped,
      arrived: period.arrived,
      served: period.served,
      rejected: period.rejected,
      delaySecondsMax: Math.max(period.delayMsMax, station.waitedMs) / 1000,
      allocationBytesPerSecond,
      collectorDuty: collectingMs / controlPeriodMs,
      cycles: heap.cycles - cycles,
      stallSeconds: stallMs / 1000,
      usedBytes: heap.usedBytes,
      committedBytes: this.#committedBytes,
      liveBytes,
    };
  }

  startCounting(): void {
    this.#countedFromMs = this.#station.nowMs;
    this.#committedByteMs = 0;
    this.#collectingMs = 0;
    this.#changes = 0;
    this.#station.tally.startCounting(this.#countedFromMs);
  }

  totals(): ResourceTotals {
    const { nowMs, tally } = this.#station;
    const elapsedMs = nowMs - this.#countedFromMs;
    const committed = this.#committedByteMs / (this.#peakNeedBytes * elapsedMs);
    const collector = (collectorCores * this.#collectingMs) / (cores * elapsedMs);
    return {
      arrived: tally.arrived,
      served: tally.served,
      rejected: tally.rejected,
      delayP99Seconds: tally.delayP99Seconds,
      reservedOverPeak: committed + collector,
      changes: this.#changes,
      elapsedSeconds: elapsedMs / 1000,
    };
  }

  /** Serve, allocate and collect until then. */
  #flow(endMs: number, arrivals: ArrivalStream) {
    const heap = this.#heap;
    const station = this.#station;
    let peakBytes = heap.usedBytes;
    let collectingMs = 0;
    let stallMs = 0;
    while (station.nowMs < endMs) {
      const startMs = station.nowMs;
      // So short a step cannot go beyond the maximum; with less room than that it stands still.
      const fitsMs = heap.leftBytes / bytesPerMsMax;
      const isStalled = fitsMs < stepMsMin;
      if (isStalled) heap.collect(startMs);
      const speeds = heap.isCollecting ? this.#fewerCores : this.#allCores;
      station.setSpeed(speeds, isStalled ? 0 : 1);
      const stepMs = isStalled ? stepMsMax : Math.min(stepMsMax, fitsMs);
      const untilMs = Math.min(endMs, heap.cycleEndMs, startMs + stepMs);
      station.runUntil(untilMs, arrivals);
      const ms = untilMs - startMs;
      if (heap.isCollecting) collectingMs += ms;
      if (isStalled) stallMs += ms;
      const requests = station.doneMs / serviceMs - this.#requests;
      this.#requests += requests;
      // Before a cycle that ends now frees anything.
      peakBytes = Math.max(
        peakBytes,
        heap.usedBytes + requests * heapBench.allocatedBytesPerRequest,
      );
      heap.pass(ms, { nowMs: untilMs, requests });
    }
    return { peakBytes, collectingMs, stallMs };
  }
}

/** Speed of each request when so many run on these cores. */
function speedsOn(coreCount: number): Float64Array {
  return Float64Array.from({ length: cores + 1 }, (_, busy) =>
    busy <= coreCount ? 1 : coreCount / busy,
  );
}

function bounded(size: number): number {
  return Math.min(sizeMax, Math.max(sizeMin, size));
}
