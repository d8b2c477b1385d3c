import { strict as assert } from 'node:assert';
import { giveUpMs } from './service-station.ts';
import type { ServiceTally } from './service-tally.ts';
import { SlowdownCursor, type Slowdowns } from './slowdowns.ts';

/** Most requests of either fate at one backend; a power of two. */
const requestsMax = 8192;

/** Requests on one server by the time at which they leave, in a ring of typed arrays. */
class Departures {
  readonly leaveMs = new Float64Array(requestsMax);
  readonly arrivedMs = new Float64Array(requestsMax);
  readonly ownMs = new Float64Array(requestsMax);
  head = 0;
  size = 0;

  get nextMs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.leaveMs[this.head] as number);
  }

  push(leaveMs: number, arrivedMs: number, ownMs: number): void {
    assert(this.size < requestsMax, `a backend holds at most ${requestsMax} requests`);
    const at = (this.head + this.size++) & (requestsMax - 1);
    this.leaveMs[at] = leaveMs;
    this.arrivedMs[at] = arrivedMs;
    this.ownMs[at] = ownMs;
  }

  shift(): void {
    this.head = (this.head + 1) & (requestsMax - 1);
    this.size--;
  }
}

/** What one backend did in a period. */
export interface BackendReading {
  /** Nominal capacity, requests/s. */
  ratePerSecond: number;
  /** Whether new requests may go there. */
  isUsable: boolean;
  /** Requests there now, in service or in line. */
  active: number;
  served: number;
  rejected: number;
  /** Mean time from arrival to end of those served, seconds; `undefined` if none was. */
  latencySeconds: number | undefined;
}

/**
 * One server behind a balancer, with a first-come line of its own. When a request leaves is known
 * as it comes (Lindley's recursion), for nothing overtakes: it starts when the one before is done,
 * or gives up if that is more than a second away. Slowdowns act within a service.
 */
export class Backend {
  readonly ratePerSecond: number;
  readonly #health: SlowdownCursor;
  readonly #tally: ServiceTally;
  readonly #served = new Departures();
  readonly #givingUp = new Departures();
  #freeMs = 0;
  #lastLeaveMs = 0;
  #nextLeaveMs = Number.POSITIVE_INFINITY;
  #active = 0;
  #servedCount = 0;
  #rejectedCount = 0;
  #latencyMsSum = 0;

  constructor(options: { ratePerSecond: number; slowdowns: Slowdowns; tally: ServiceTally }) {
    this.ratePerSecond = options.ratePerSecond;
    this.#health = new SlowdownCursor(options.slowdowns);
    this.#tally = options.tally;
  }

  get active(): number {
    return this.#active;
  }

  /** When the last of those that are there now leaves, milliseconds. */
  get lastLeaveMs(): number {
    return this.#lastLeaveMs;
  }

  /** When the next of them leaves. */
  get nextLeaveMs(): number {
    return this.#nextLeaveMs;
  }

  /** @param work in mean services @param ownMs what it would take on an idle resource */
  accept(nowMs: number, { work, ownMs }: { work: number; ownMs: number }): void {
    const startMs = Math.max(nowMs, this.#freeMs);
    let leaveMs = nowMs + giveUpMs;
    if (startMs > leaveMs) this.#givingUp.push(leaveMs, nowMs, ownMs);
    else {
      leaveMs = this.#doneMs(startMs, (work * 1000) / this.ratePerSecond);
      this.#freeMs = leaveMs;
      this.#served.push(leaveMs, nowMs, ownMs);
    }
    this.#active++;
    this.#lastLeaveMs = Math.max(this.#lastLeaveMs, leaveMs);
    this.#nextLeaveMs = Math.min(this.#nextLeaveMs, leaveMs);
  }

  /** Let leave who leaves up to `nowMs`. */
  settle(nowMs: number): void {
    for (const served = this.#served; served.nextMs <= nowMs; served.shift()) {
      const leaveMs = served.nextMs;
      const arrivedMs = served.arrivedMs[served.head] as number;
      const delayMs = leaveMs - arrivedMs - (served.ownMs[served.head] as number);
      this.#servedCount++;
      this.#latencyMsSum += leaveMs - arrivedMs;
      this.#tally.serve(arrivedMs, { nowMs: leaveMs, delayMs });
    }
    for (const line = this.#givingUp; line.nextMs <= nowMs; line.shift()) {
      this.#rejectedCount++;
      this.#tally.reject(line.arrivedMs[line.head] as number, line.nextMs);
    }
    this.#active = this.#served.size + this.#givingUp.size;
    this.#nextLeaveMs = Math.min(this.#served.nextMs, this.#givingUp.nextMs);
  }

  /** What happened since the last call. */
  take(isUsable: boolean): BackendReading {
    const served = this.#servedCount;
    const reading = {
      ratePerSecond: this.ratePerSecond,
      isUsable,
      active: this.active,
      served,
      rejected: this.#rejectedCount,
      latencySeconds: served === 0 ? undefined : this.#latencyMsSum / served / 1000,
    };
    this.#servedCount = 0;
    this.#rejectedCount = 0;
    this.#latencyMsSum = 0;
    return reading;
  }

  /** When work is done that starts then. @param workMs at full speed */
  #doneMs(startMs: number, workMs: number): number {
    const health = this.#health;
    let timeMs = startMs;
    let leftMs = workMs;
    health.advance(timeMs);
    while (leftMs > (health.nextMs - timeMs) * health.factor) {
      leftMs -= (health.nextMs - timeMs) * health.factor;
      timeMs = health.nextMs;
      health.advance(timeMs);
    }
    return timeMs + leftMs / health.factor;
  }
}
