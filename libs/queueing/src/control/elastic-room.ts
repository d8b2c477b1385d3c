/** A part of the room that changes its state at a time. */
interface Part {
  amount: number;
  atMs: number;
}

/** How room comes and goes. */
export interface ElasticRoomOptions {
  /** Places at the start, usable at once. */
  size: number;
  /** From the request for more until it can be used, milliseconds. */
  actuationDelayMs: number;
  /** From the request for less until the places are given back, milliseconds. */
  releaseDelayMs: number;
}

/**
 * Places of a pool that take time to come and to go. A place is reserved from the request on. A
 * request for less takes first what is still on its way, then places that are in use or idle: those
 * take no new request from now on, are given back after the release delay, and a busy one when it
 * is done if that is later. A request for more first calls back those that have not gone yet.
 */
export class ElasticRoom {
  readonly #actuationDelayMs: number;
  readonly #releaseDelayMs: number;
  /** On their way, oldest first. */
  readonly #coming: Part[] = [];
  /** To be given back, oldest first. */
  readonly #leaving: Part[] = [];
  #open: number;
  #comingSum = 0;
  #leavingSum = 0;
  /** Their time to leave is over, but they are busy. */
  #overdue = 0;
  #nextMs = Number.POSITIVE_INFINITY;

  constructor(options: ElasticRoomOptions) {
    this.#open = options.size;
    this.#actuationDelayMs = options.actuationDelayMs;
    this.#releaseDelayMs = options.releaseDelayMs;
  }

  /** Places that may take a request. */
  get usable(): number {
    return this.#open - this.#leavingSum - this.#overdue;
  }

  /** Places that count. */
  get reserved(): number {
    return this.#open + this.#comingSum;
  }

  /** Places that there will be. */
  get requested(): number {
    return this.usable + this.#comingSum;
  }

  /** When `settle` has something to do next, milliseconds. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** @param busy places in use @returns whether it changes what is wanted */
  request(size: number, { nowMs, busy }: { nowMs: number; busy: number }): boolean {
    const change = size - this.requested;
    if (change === 0) return false;
    if (change > 0) this.#rise(change, nowMs);
    else this.#fall(-change, nowMs);
    this.settle(nowMs, busy);
    return true;
  }

  /** Let in and out what is due. */
  settle(nowMs: number, busy: number): void {
    for (let part = this.#coming[0]; part !== undefined && part.atMs <= nowMs; ) {
      this.#open += part.amount;
      this.#comingSum -= part.amount;
      this.#coming.shift();
      part = this.#coming[0];
    }
    for (let part = this.#leaving[0]; part !== undefined && part.atMs <= nowMs; ) {
      const idle = Math.min(part.amount, Math.max(0, this.#open - busy));
      this.#open -= idle;
      this.#overdue += part.amount - idle;
      this.#leavingSum -= part.amount;
      this.#leaving.shift();
      part = this.#leaving[0];
    }
    this.#schedule();
  }

  /** A busy place became idle. @returns whether it was given back */
  finish(): boolean {
    if (this.#overdue === 0) return false;
    this.#overdue--;
    this.#open--;
    return true;
  }

  #rise(amount: number, nowMs: number): void {
    const kept = Math.min(amount, this.#overdue);
    this.#overdue -= kept;
    const back = takeNewest(this.#leaving, amount - kept);
    this.#leavingSum -= back;
    const rest = amount - kept - back;
    if (rest === 0) return;
    this.#coming.push({ amount: rest, atMs: nowMs + this.#actuationDelayMs });
    this.#comingSum += rest;
  }

  #fall(amount: number, nowMs: number): void {
    const cancelled = takeNewest(this.#coming, amount);
    this.#comingSum -= cancelled;
    const rest = amount - cancelled;
    if (rest === 0) return;
    this.#leaving.push({ amount: rest, atMs: nowMs + this.#releaseDelayMs });
    this.#leavingSum += rest;
  }

  #schedule(): void {
    const coming = this.#coming[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const leaving = this.#leaving[0]?.atMs ?? Number.POSITIVE_INFINITY;
    this.#nextMs = Math.min(coming, leaving);
  }
}

/** Take up to `amount` from the newest parts. @returns how much there was */
function takeNewest(parts: Part[], amount: number): number {
  let taken = 0;
  for (let part = parts.at(-1); part !== undefined && taken < amount; part = parts.at(-1)) {
    const share = Math.min(amount - taken, part.amount);
    part.amount -= share;
    taken += share;
    if (part.amount === 0) parts.pop();
  }
  return taken;
}
