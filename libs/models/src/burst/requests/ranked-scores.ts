/** A score, whether what it stands for came, and the block that it belongs to. */
export interface RankedOutcome {
  score: number;
  cameTrue: boolean;
  /** Number of its block, from 0. */
  block: number;
}

/** All outcomes from one threshold that gained recall down to the next, counted by block. */
interface Stretch {
  seen: Float64Array;
  gained: Float64Array;
}

/**
 * Outcomes in order of their scores, put in order once and weighed by block as often as needed:
 * between two thresholds that gain recall only the number of outcomes matters.
 */
export class RankedScores {
  readonly #stretches: readonly Stretch[];
  readonly #blocks: number;

  constructor(outcomes: readonly RankedOutcome[]) {
    this.#blocks = outcomes.reduce((most, { block }) => Math.max(most, block + 1), 0);
    const order = Uint32Array.from(outcomes, (_, index) => index);
    const scores = Float64Array.from(outcomes, ({ score }) => score);
    order.sort((one, other) => (scores[other] as number) - (scores[one] as number));
    const stretches: Stretch[] = [];
    let open = this.#stretch();
    for (let at = 0; at < order.length; ) {
      const score = scores[order[at] as number];
      let isGain = false;
      for (; at < order.length && scores[order[at] as number] === score; at++) {
        const { block, cameTrue } = outcomes[order[at] as number] as RankedOutcome;
        open.seen[block] = (open.seen[block] as number) + 1;
        if (!cameTrue) continue;
        open.gained[block] = (open.gained[block] as number) + 1;
        isGain = true;
      }
      if (!isGain) continue;
      stretches.push(open);
      open = this.#stretch();
    }
    this.#stretches = stretches;
  }

  /**
   * Area under the precision-recall curve by steps (average precision): the sum over thresholds of
   * recall gained x precision there. Equal scores share one threshold, so that a constant score has
   * the precision of the base rate (Davis and Goadrich, ICML 2006, on why not to interpolate).
   * @param times how often each block counts; default once
   * @returns `undefined` where nothing came true
   */
  averagePrecision(times: readonly number[] = new Array(this.#blocks).fill(1)): number | undefined {
    let seen = 0;
    let hits = 0;
    let sum = 0;
    for (const stretch of this.#stretches) {
      const gained = weighed(stretch.gained, times);
      seen += weighed(stretch.seen, times);
      hits += gained;
      if (gained > 0) sum += (gained * hits) / seen;
    }
    return hits === 0 ? undefined : sum / hits;
  }

  #stretch(): Stretch {
    return { seen: new Float64Array(this.#blocks), gained: new Float64Array(this.#blocks) };
  }
}

function weighed(counts: Float64Array, times: readonly number[]): number {
  let sum = 0;
  for (let block = 0; block < counts.length; block++) {
    sum += (counts[block] as number) * (times[block] ?? 0);
  }
  return sum;
}
