import { strict as assert } from 'node:assert';

/** A stretch of time in which a rate moves on a straight line. */
export interface RateSegment {
  fromMs: number;
  toMs: number;
  /** Packets/s at `fromMs`. */
  fromPps: number;
  /** Packets/s just before `toMs`. */
  toPps: number;
}

/** A rate over time, zero outside its segments; sums are exact, not sampled. */
export class RateCurve {
  readonly #segments: readonly RateSegment[];
  /** The segment the last question ended in: questions mostly come in order of time. */
  #cursor = 0;

  /** @param segments in order of time, without overlap */
  constructor(segments: readonly RateSegment[]) {
    let end = Number.NEGATIVE_INFINITY;
    for (const segment of segments) {
      assert(segment.toMs > segment.fromMs, `empty rate segment at ${segment.fromMs} ms`);
      assert(segment.fromMs >= end, `rate segments overlap at ${segment.fromMs} ms`);
      end = segment.toMs;
    }
    this.#segments = segments;
  }

  /** Packets/s at the instant. */
  at(timeMs: number): number {
    const segment = this.#segments[this.#find(timeMs)];
    if (segment === undefined || timeMs < segment.fromMs) return 0;
    return valueAt(segment, timeMs);
  }

  /** Mean number of packets in [fromMs, toMs): the integral of the rate. */
  packets({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
    let packets = 0;
    for (let index = this.#find(fromMs); index < this.#segments.length; index++) {
      const segment = this.#segments[index] as RateSegment;
      if (segment.fromMs >= toMs) break;
      this.#cursor = index;
      const from = Math.max(fromMs, segment.fromMs);
      const to = Math.min(toMs, segment.toMs);
      packets += ((valueAt(segment, from) + valueAt(segment, to)) / 2) * ((to - from) / 1000);
    }
    return packets;
  }

  /** Index of the first segment that ends after the instant. */
  #find(timeMs: number): number {
    const at = this.#segments[this.#cursor];
    if (at !== undefined && at.fromMs <= timeMs && timeMs < at.toMs) return this.#cursor;
    const next = this.#segments[this.#cursor + 1];
    if (at !== undefined && next !== undefined && at.toMs <= timeMs && timeMs < next.toMs) {
      return this.#cursor + 1;
    }
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle] as RateSegment).toMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function valueAt(segment: RateSegment, timeMs: number): number {
  const share = (timeMs - segment.fromMs) / (segment.toMs - segment.fromMs);
  return segment.fromPps + (segment.toPps - segment.fromPps) * share;
}
