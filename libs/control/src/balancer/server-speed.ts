/** What one server did since it was looked at before. */
export interface ServerPeriod {
  lengthS: number;
  served: number;
  /** Attempts that came to nothing, answers that are errors. */
  failed: number;
  /** Waiting or in service at the end of it. */
  inFlight: number;
}

/**
 * Requests, and periods that end with some there, after which a server is judged: either then has
 * a standard deviation of about 22 %.
 */
const judgedAfter = 20;
/** Weight of the newest judgement in the mean of all. */
const newest = 0.5;
/** Shares from here on are chance (2.3 standard deviations), and count as full speed. */
const fullFrom = 0.7;
/** Weights of the newest mean in the standard: about the 67 % expectile of what is seen. */
const learnUp = 0.1;
const learnDown = 0.05;
/** A server that shows nothing for so long is given another try at full speed, ms. */
const forgottenAfterMs = 30_000;
/** Never less: it must stay possible to see that a server is fast again. */
const shareMin = 0.02;

/**
 * How fast one server is, as a share of what it should do. What it should do while `n` requests
 * are there is `min(capacity, n / service time)`: the rate of a queue with several workers
 * (M/M/c). The service time is learned while it is healthy; failed attempts count as requests it
 * should have served.
 */
export class ServerSpeed {
  readonly #capacity: number;
  /** Requests/s of a single request in service; undefined until judged once. */
  #perRequest: number | undefined;
  #served = 0;
  #expected = 0;
  #inFlightS = 0;
  #seen = 0;
  #mean = 1;
  #judgedMs: number;

  /** @param capacity requests/s at full speed */
  constructor(capacity: number, nowMs: number) {
    this.#capacity = capacity;
    this.#judgedMs = nowMs;
  }

  /** From 0.02 to 1. */
  get share(): number {
    return this.#mean >= fullFrom ? 1 : Math.max(shareMin, this.#mean);
  }

  add(nowMs: number, { lengthS, served, failed, inFlight }: ServerPeriod): void {
    const single = this.#perRequest ?? this.#capacity;
    const rate = Math.min(this.#capacity, single * inFlight);
    this.#served += served;
    this.#expected += failed + rate * lengthS;
    this.#inFlightS += inFlight * lengthS;
    if (inFlight > 0 || failed > 0) this.#seen++;
    const requests = Math.max(this.#served, this.#expected);
    if (Math.min(requests, this.#seen) >= judgedAfter) this.#judge(nowMs);
    else if (nowMs - this.#judgedMs >= forgottenAfterMs) this.#forget(nowMs);
  }

  #judge(nowMs: number): void {
    const share = this.#expected > 0 ? Math.min(1, this.#served / this.#expected) : 1;
    const isFirst = this.#perRequest === undefined;
    // A first mean is no standard yet to be held to, unless nothing at all was served.
    if (!isFirst || this.#served === 0) this.#mean += newest * (share - this.#mean);
    if (this.#served > 0 && this.#inFlightS > 0) this.#learn(this.#served / this.#inFlightS);
    this.#start(nowMs);
  }

  /** Faster upwards, and downwards only while it counts as healthy: a slow one sets no standard. */
  #learn(perRequest: number): void {
    const before = this.#perRequest;
    if (before === undefined) this.#perRequest = perRequest;
    else if (perRequest > before) this.#perRequest = before + learnUp * (perRequest - before);
    else if (this.#mean >= fullFrom) {
      this.#perRequest = before + learnDown * (perRequest - before);
    }
  }

  #forget(nowMs: number): void {
    this.#mean = 1;
    this.#start(nowMs);
  }

  #start(nowMs: number): void {
    this.#served = 0;
    this.#expected = 0;
    this.#inFlightS = 0;
    this.#seen = 0;
    this.#judgedMs = nowMs;
  }
}
