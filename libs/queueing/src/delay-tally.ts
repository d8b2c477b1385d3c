/** A run of packets that were queued one behind the other. */
interface Run {
  firstAhead: number;
  count: number;
  secondsPerPacket: number;
}

/** Of a queue longer than this the runs are fewer than the places. */
const PLACES_MAX = 8192;

/**
 * Delays of the packets of one interval, kept as runs: a packet waits as long as those ahead of it
 * and itself take to drain. Exact, and as small as the number of steps in which anything arrived.
 */
export class DelayTally {
  #runs: Run[] = [];
  #count = 0;
  /** Packets by place in the queue and before it, where all runs drain at one rate. */
  #upTo: Float64Array | undefined;

  get count(): number {
    return this.#count;
  }

  /** Packets that join behind `firstAhead` others. */
  add(run: Run): void {
    if (run.count === 0) return;
    this.#runs.push(run);
    this.#count += run.count;
    this.#upTo = undefined;
  }

  /** Take in the runs of another tally. */
  merge(other: DelayTally): void {
    for (const run of other.#runs) this.add(run);
  }

  /**
   * The smallest delay that at least the share q of the packets did not exceed, seconds;
   * `undefined` when none came. @param q 0..1
   */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const target = Math.max(1, Math.ceil(q * this.#count));
    // Bisection over the delay: how many packets waited no longer is a sum over the runs.
    let low = 0;
    let high = 0;
    for (const run of this.#runs) {
      high = Math.max(high, (run.firstAhead + run.count) * run.secondsPerPacket);
    }
    if (!Number.isFinite(high)) return high;
    for (let round = 0; round < 50 && high - low > 1e-7; round++) {
      const middle = (low + high) / 2;
      if (this.#within(middle) >= target) high = middle;
      else low = middle;
    }
    return high;
  }

  #within(seconds: number): number {
    const upTo = this.#places();
    if (upTo !== undefined) {
      const places = placesWithin(seconds, this.#runs[0] as Run);
      return upTo[Math.min(places, upTo.length - 1)] as number;
    }
    let packets = 0;
    for (const run of this.#runs) {
      packets += Math.min(run.count, Math.max(0, placesWithin(seconds, run) - run.firstAhead));
    }
    return packets;
  }

  /** Counted once for all questions: a sample asks for three quantiles of some 80 runs. */
  #places(): Float64Array | undefined {
    if (this.#upTo !== undefined) return this.#upTo;
    const rate = this.#runs[0]?.secondsPerPacket;
    let last = 0;
    for (const run of this.#runs) {
      if (run.secondsPerPacket !== rate) return undefined;
      last = Math.max(last, run.firstAhead + run.count);
    }
    if (last > PLACES_MAX) return undefined;
    // First the changes from place to place, then their sums, then the sums of those.
    const upTo = new Float64Array(last + 2);
    for (const { firstAhead, count } of this.#runs) {
      upTo[firstAhead + 1] = (upTo[firstAhead + 1] as number) + 1;
      upTo[firstAhead + count + 1] = (upTo[firstAhead + count + 1] as number) - 1;
    }
    for (let at = 1; at < upTo.length; at++) {
      upTo[at] = (upTo[at] as number) + (upTo[at - 1] as number);
    }
    for (let at = 1; at < upTo.length; at++) {
      upTo[at] = (upTo[at] as number) + (upTo[at - 1] as number);
    }
    this.#upTo = upTo;
    return upTo;
  }
}

function placesWithin(seconds: number, { secondsPerPacket }: Run): number {
  return Math.floor(seconds / secondsPerPacket + 1e-9);
}
