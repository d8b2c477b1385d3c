import { SOJOURN_BUCKETS, SOJOURN_UNIT_S } from './layout.ts';

/** Queueing delay of the packets that left within an interval, seconds. */
export interface SojournQuantiles {
  p50: number;
  p95: number;
  p99: number;
}

/** Where the counts of one link are. */
export interface SojournPlace {
  words: Uint32Array;
  cpus: number;
  links: number;
  link: number;
}

/** Lower bounds of the buckets in seconds, and the upper bound of the last but one. */
const bounds = Float64Array.from(
  { length: SOJOURN_BUCKETS + 1 },
  (_, bucket) => lowerBound(bucket) * SOJOURN_UNIT_S,
);

/**
 * The delays of one link, from counts that only grow (modulo 2^32), eight buckets an octave: a
 * quantile is off by at most an eighth, half of it after interpolation.
 */
export class Sojourn {
  readonly #last = new Uint32Array(SOJOURN_BUCKETS);
  readonly #delta = new Uint32Array(SOJOURN_BUCKETS);
  #isFirst = true;

  /**
   * @param at.words counts: of each processor in turn, link after link
   * @param at.links in the map; @param at.link number of the one wanted
   * @returns `undefined` when no packet left, and the first time, when it is not known since when
   */
  take(at: SojournPlace): SojournQuantiles | undefined {
    const total = this.#difference(at);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst || total === 0) return undefined;
    return {
      p50: this.#quantile(0.5 * total),
      p95: this.#quantile(0.95 * total),
      p99: this.#quantile(0.99 * total),
    };
  }

  #difference({ words, cpus, links, link }: SojournPlace): number {
    const stride = links * SOJOURN_BUCKETS;
    const first = link * SOJOURN_BUCKETS;
    // None of a map that was closed.
    if (words.length < cpus * stride) return 0;
    let total = 0;
    for (let bucket = 0; bucket < SOJOURN_BUCKETS; bucket++) {
      let count = 0;
      for (let cpu = 0; cpu < cpus; cpu++) {
        count += words[first + cpu * stride + bucket] as number;
      }
      const now = count >>> 0;
      const delta = (now - (this.#last[bucket] as number)) >>> 0;
      this.#last[bucket] = now;
      this.#delta[bucket] = delta;
      total += delta;
    }
    return total;
  }

  #quantile(rank: number): number {
    let below = 0;
    for (let bucket = 0; bucket < SOJOURN_BUCKETS; bucket++) {
      const count = this.#delta[bucket] as number;
      if (count > 0 && below + count >= rank) {
        const low = bounds[bucket] as number;
        const high = bounds[bucket + 1] as number;
        return low + ((high - low) * (rank - below)) / count;
      }
      below += count;
    }
    return bounds[SOJOURN_BUCKETS] as number;
  }
}

function lowerBound(bucket: number): number {
  if (bucket < 8) return bucket;
  return 2 ** (Math.floor(bucket / 8) - 1) * (8 + (bucket % 8));
}
