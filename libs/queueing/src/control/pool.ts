import type { ArrivalStream } from './arrival-stream.ts';
import {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './controlled-resource.ts';
import { ServiceStation, type SharedThroughput, speedsBeyondKnee } from './service-station.ts';
import { noSlowdowns, SlowdownCursor, type Slowdowns } from './slowdowns.ts';

/** A pool of places that serve one request each. */
export interface PoolOptions extends SharedThroughput {
  /** Size at the start, usable at once. */
  size: number;
  sizeMin: number;
  sizeMax: number;
  /** Busy places at peak demand: what reserve is measured by. */
  peak: number;
  /** Mean own service, milliseconds. */
  serviceMs: number;
  /** From the request for more until it can be used, milliseconds. */
  actuationDelayMs: number;
  /** From the request for less until idle places are given back, milliseconds. */
  releaseDelayMs: number;
  /** When what is behind the pool is slow; default never. */
  slowdowns?: Slowdowns;
}

/** What a pool can be asked about the last period; sizes and needs are places. */
export interface PoolReading extends Reading {
  /** Places in use, mean of the period. */
  active: number;
  /** Requests that wait for a place now. */
  queueDepth: number;
  /** How long the first of them has waited, seconds. */
  waitSeconds: number;
  /** Mean time from arrival to end of those served, seconds; `undefined` if none was. */
  latencySeconds: number | undefined;
}

/**
 * A pool in front of a line, event by event: threads, connections. Its need is the most requests
 * that were in the system at once, in service or in line, and those that gave up.
 */
export class Pool implements ControlledResource<number, ArrivalStream, PoolReading> {
  readonly sizeMin: number;
  readonly sizeMax: number;
  readonly #peak: number;
  readonly #station: ServiceStation;
  readonly #speeds: Float64Array;
  readonly #slowdowns: SlowdownCursor;
  #changes = 0;
  #countedFromMs = 0;
  #reservedMsBefore = 0;

  constructor(options: PoolOptions) {
    this.sizeMin = options.sizeMin;
    this.sizeMax = options.sizeMax;
    this.#peak = options.peak;
    this.#speeds = speedsBeyondKnee(options.sizeMax, options);
    this.#slowdowns = new SlowdownCursor(options.slowdowns ?? noSlowdowns);
    const size = this.#bounded(options.size);
    this.#station = new ServiceStation({ ...options, size, speeds: this.#speeds });
  }

  get inSystem(): number {
    return this.#station.busy + this.#station.waiting;
  }

  /** Places that count as reserved now. */
  get reserved(): number {
    return this.#station.room.reserved;
  }

  /** @param size places; rounded up, as less than a wish leaves something unserved */
  request(size: number): void {
    if (this.#station.request(this.#bounded(size))) this.#changes++;
  }

  advance(arrivals: ArrivalStream): PoolReading {
    const station = this.#station;
    const busyMs = station.busyMs;
    const endMs = Math.round(station.nowMs / controlPeriodMs + 1) * controlPeriodMs;
    while (station.nowMs < endMs) {
      this.#slowdowns.advance(station.nowMs);
      station.setSpeed(this.#speeds, this.#slowdowns.factor);
      station.runUntil(Math.min(endMs, this.#slowdowns.nextMs), arrivals);
    }
    const period = station.tally.takePeriod(this.inSystem);
    const { served, rejected } = period;
    return {
      nowMs: endMs,
      intervalMs: controlPeriodMs,
      size: station.room.usable,
      requested: station.room.requested,
      need: period.inSystemMax + rejected,
      dropped: rejected,
      arrived: period.arrived,
      served,
      rejected,
      delaySecondsMax: Math.max(period.delayMsMax, station.waitedMs) / 1000,
      active: (station.busyMs - busyMs) / controlPeriodMs,
      queueDepth: station.waiting,
      waitSeconds: station.waitedMs / 1000,
      latencySeconds: served === 0 ? undefined : period.latencyMsSum / served / 1000,
    };
  }

  startCounting(): void {
    this.#countedFromMs = this.#station.nowMs;
    this.#reservedMsBefore = this.#station.reservedMs;
    this.#changes = 0;
    this.#station.tally.startCounting(this.#countedFromMs);
  }

  totals(): ResourceTotals {
    const { nowMs, reservedMs, tally } = this.#station;
    const elapsedMs = nowMs - this.#countedFromMs;
    return {
      arrived: tally.arrived,
      served: tally.served,
      rejected: tally.rejected,
      delayP99Seconds: tally.delayP99Seconds,
      reservedOverPeak: (reservedMs - this.#reservedMsBefore) / (this.#peak * elapsedMs),
      changes: this.#changes,
      elapsedSeconds: elapsedMs / 1000,
    };
  }

  #bounded(size: number): number {
    return Math.min(this.sizeMax, Math.max(this.sizeMin, Math.ceil(size)));
  }
}
