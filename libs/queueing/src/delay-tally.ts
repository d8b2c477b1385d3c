/** A run of packets that were queued one behind the other. */
interface Run {
  firstAhead: number;
  count: number;
  secondsPerPacket: number;
}

/**
 * Delays of the packets of one interval, kept as runs: a packet waits as long as those ahead of it
 * and itself take to drain. Exact, and as small as the number of steps in which anything arrived.
 */
export class DelayTally {
  #runs: Run[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Packets that join behind `firstAhead` others. */
  add(run: Run): void {
    if (run.count === 0) return;
    this.#runs.push(run);
    this.#count += run.count;
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
    let high = Math.max(...this.#runs.map((r) => (r.firstAhead + r.count) * r.secondsPerPacket));
    if (!Number.isFinite(high)) return high;
    for (let round = 0; round < 50 && high - low > 1e-7; round++) {
      const middle = (low + high) / 2;
      if (this.#within(middle) >= target) high = middle;
      else low = middle;
    }
    return high;
  }

  #within(seconds: number): number {
    let packets = 0;
    for (const { firstAhead, count, secondsPerPacket } of this.#runs) {
      const places = Math.floor(seconds / secondsPerPacket + 1e-9);
      packets += Math.min(count, Math.max(0, places - firstAhead));
    }
    return packets;
  }
}
