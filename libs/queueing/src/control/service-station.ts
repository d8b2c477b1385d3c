import { strict as assert } from 'node:assert';
import type { ArrivalStream } from './arrival-stream.ts';
import { ElasticRoom, type ElasticRoomOptions } from './elastic-room.ts';
import { ServiceHeap } from './service-heap.ts';
import { ServiceTally } from './service-tally.ts';
import { WaitingLine } from './waiting-line.ts';

/** A request that has waited this long for a place gives up, milliseconds. */
export const giveUpMs = 1000;

/** What stands behind a line. */
export interface ServiceStationOptions extends ElasticRoomOptions {
  /** Most places there will ever be. */
  sizeMax: number;
  /** Mean own service on an idle resource, milliseconds. */
  serviceMs: number;
  /** Every request has the mean service; default: that times its `work`. */
  isFixed?: boolean;
  /** Speed of each request when so many are in service, of 1: index 0 to `sizeMax`. */
  speeds: Float64Array;
}

/**
 * Places that serve a first-come line, event by event. All requests in service go at the same
 * speed, which depends on their number, so each needs one key only, the work at which it is done:
 * work goes on as time x speed. (Generalised processor sharing in virtual time: Parekh and
 * Gallager, IEEE/ACM ToN 1(3), 1993.) A request that got no place within a second leaves.
 */
export class ServiceStation {
  readonly room: ElasticRoom;
  readonly tally = new ServiceTally();
  readonly #serviceMs: number;
  readonly #isFixed: boolean;
  readonly #inService: ServiceHeap;
  readonly #line = new WaitingLine();
  #speeds: Float64Array;
  #factor = 1;
  #speed = 1;
  #nowMs = 0;
  /** Work that each request was given which has been in service all the time, milliseconds. */
  #workMs = 0;
  #cursor = 0;
  #reservedMs = 0;
  #busyMs = 0;
  #doneMs = 0;

  constructor(options: ServiceStationOptions) {
    assert(options.speeds.length > options.sizeMax, 'a speed for every number in service');
    this.room = new ElasticRoom(options);
    this.#serviceMs = options.serviceMs;
    this.#isFixed = options.isFixed ?? false;
    this.#speeds = options.speeds;
    this.#inService = new ServiceHeap(options.sizeMax + 1);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get busy(): number {
    return this.#inService.size;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** How long the first in line has waited, milliseconds; 0 without a line. */
  get waitedMs(): number {
    return this.#line.size === 0 ? 0 : this.#nowMs - this.#line.arrivedMs;
  }

  /** Reserved places x time so far, milliseconds. */
  get reservedMs(): number {
    return this.#reservedMs;
  }

  /** Places in use x time so far, milliseconds. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Own service that was done so far, of all requests together, milliseconds. */
  get doneMs(): number {
    return this.#doneMs;
  }

  /** From now on these speeds, all times a factor. @param factor 0: everything stands still */
  setSpeed(speeds: Float64Array, factor: number): void {
    this.#speeds = speeds;
    this.#factor = factor;
    this.#paced();
  }

  /** @returns whether it changes what is wanted */
  request(size: number): boolean {
    const isChange = this.room.request(size, { nowMs: this.#nowMs, busy: this.busy });
    this.#fill();
    return isChange;
  }

  /** Let time pass; what happens at `endMs` itself, but for room that is due, comes later. */
  runUntil(endMs: number, { atMs, work }: ArrivalStream): void {
    const inService = this.#inService;
    const line = this.#line;
    const room = this.room;
    for (;;) {
      const arrivalMs =
        this.#cursor < atMs.length ? (atMs[this.#cursor] as number) : Number.POSITIVE_INFINITY;
      const doneMs =
        inService.size > 0 && this.#speed > 0
          ? this.#nowMs + Math.max(0, inService.finish - this.#workMs) / this.#speed
          : Number.POSITIVE_INFINITY;
      const lapseMs = line.size > 0 ? line.arrivedMs + giveUpMs : Number.POSITIVE_INFINITY;
      const eventMs = Math.min(arrivalMs, doneMs, lapseMs, room.nextMs);
      if (eventMs >= endMs) break;
      this.#pass(eventMs);
      if (doneMs === eventMs) this.#finish();
      else if (room.nextMs === eventMs) {
        room.settle(eventMs, inService.size);
        this.#fill();
      } else if (lapseMs === eventMs) {
        this.tally.reject(line.arrivedMs, eventMs);
        line.shift();
      } else {
        const own = this.#isFixed ? 1 : (work[this.#cursor] as number);
        this.#cursor++;
        this.#arrive(arrivalMs, own * this.#serviceMs);
      }
    }
    this.#pass(endMs);
    if (room.nextMs > endMs) return;
    room.settle(endMs, inService.size);
    this.#fill();
  }

  #pass(toMs: number): void {
    const ms = toMs - this.#nowMs;
    const worked = ms * this.#speed;
    this.#workMs += worked;
    this.#doneMs += worked * this.#inService.size;
    this.#reservedMs += ms * this.room.reserved;
    this.#busyMs += ms * this.#inService.size;
    this.#nowMs = toMs;
  }

  #arrive(arrivedMs: number, ownMs: number): void {
    this.tally.arrive(this.#inService.size + this.#line.size + 1);
    if (this.#line.size === 0 && this.#inService.size < this.room.usable) {
      this.#serve(arrivedMs, ownMs);
    } else if (this.#line.isFull) this.tally.reject(arrivedMs, arrivedMs);
    else this.#line.push(arrivedMs, ownMs);
  }

  #serve(arrivedMs: number, ownMs: number): void {
    this.#inService.push(this.#workMs + ownMs, arrivedMs, ownMs);
    this.#paced();
  }

  #finish(): void {
    const { arrivedMs, ownMs, finish } = this.#inService;
    // What rounding left of the work is done as well.
    this.#workMs = Math.max(this.#workMs, finish);
    const nowMs = this.#nowMs;
    this.tally.serve(arrivedMs, { nowMs, delayMs: nowMs - arrivedMs - ownMs });
    this.#inService.pop();
    this.#paced();
    if (!this.room.finish()) this.#fill();
  }

  #fill(): void {
    const line = this.#line;
    while (line.size > 0 && this.#inService.size < this.room.usable) {
      const { arrivedMs, ownMs } = line;
      line.shift();
      this.#serve(arrivedMs, ownMs);
    }
  }

  #paced(): void {
    this.#speed = (this.#speeds[this.#inService.size] as number) * this.#factor;
  }
}

/** Everyone has a place of their own at full speed up to `knee`; beyond it they share. */
export interface SharedThroughput {
  /** In service at once without slowing down. */
  knee: number;
  /** What throughput is divided by: 1 + loss x (in service - knee) / knee. */
  loss: number;
}

/** Speed of each when 0 to `sizeMax` are in service: throughput over their number. */
export function speedsBeyondKnee(sizeMax: number, { knee, loss }: SharedThroughput): Float64Array {
  return Float64Array.from({ length: sizeMax + 1 }, (_, busy) =>
    busy <= knee ? 1 : knee / busy / (1 + (loss * (busy - knee)) / knee),
  );
}
