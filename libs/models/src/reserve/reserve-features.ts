/** Seconds in the units that demand is smoothed over, as weights of the newest second. */
const SMOOTHINGS = [1, 0.5, 0.2, 0.1, 0.02, 0.005] as const;
/** Weight of the newest second in the level that everything is relative to. */
const LEVEL_WEIGHT = 0.05;
/** Spans whose highest, and whose lowest, second is looked at. */
const HIGHEST_S = [5, 15, 60, 300] as const;
const LOWEST_S = [5, 15] as const;
/** Weights of the newest second in the spread around the level. */
const SPREAD_WEIGHTS = [0.05, 0.003] as const;
/** Cycles of the clock, seconds: many bursts of requests are somebody's timer. */
const CLOCK_S = [60, 300, 1800, 3600] as const;
/** A second so far above the level is a surge; how fast one is forgotten, seconds. */
const SURGE_RATIO = 1.5;
const SURGE_REQUESTS = 3;
const SURGE_FADES_S = 20;
/** Requests added to both sides of a ratio, so that an idle second is one too. */
const HALF = 0.5;

/** What the network is told of a second, in the order of its inputs. */
export const reserveFeatures: readonly { name: string; unit: string }[] = [
  ...SMOOTHINGS.map((weight) => ({ name: `smoothed_${weight}`, unit: 'ln of ratio to level' })),
  { name: 'level', unit: 'ln of requests/s / 3' },
  { name: 'noise', unit: '1 / sqrt of requests/s' },
  ...HIGHEST_S.map((span) => ({ name: `highest_${span}s`, unit: 'ln of ratio to level' })),
  ...LOWEST_S.map((span) => ({ name: `lowest_${span}s`, unit: 'ln of ratio to level' })),
  ...SPREAD_WEIGHTS.map((weight) => ({ name: `spread_${weight}`, unit: 'ln of Poisson sd' })),
  { name: 'since_surge', unit: 'exp of -seconds / 20' },
  ...CLOCK_S.flatMap((span) =>
    ['sine', 'cosine'].map((of) => ({ name: `clock_${span}s_${of}`, unit: 'UTC' })),
  ),
  { name: 'price', unit: 'ln of rejects a reserved second may save, + 1.7' },
  { name: 'delay', unit: 'ln of seconds + 1, - 1.2' },
];

/** Numbers of one input row. */
export const RESERVE_FEATURES = reserveFeatures.length;
/** Those that are the second's own; the last two are the question asked. */
export const RESERVE_STATE_FEATURES = RESERVE_FEATURES - 2;

/** What is asked of a second: a price and a delay. */
export interface ReserveQuestion {
  /** Rejects that one reserved second must save to be worth it, 0..1. */
  price: number;
  /** Whole seconds from the request for capacity until it can be used. */
  delaySeconds: number;
}

/** The last two inputs of a row. */
export function questionInputs({ price, delaySeconds }: ReserveQuestion): [number, number] {
  return [Math.log(price) + 1.7, Math.log(delaySeconds + 1) - 1.2];
}

/**
 * The state of one series of demand, second by second: everything relative to a level that forgets
 * over 20 s, so that a network that learned on one size of service serves another.
 */
export class ReserveState {
  readonly #smoothed = new Float64Array(SMOOTHINGS.length);
  readonly #spreads = new Float64Array(SPREAD_WEIGHTS.length).fill(1);
  /** The newest seconds, a ring as long as the longest span. */
  readonly #recent = new Float64Array(Math.max(...HIGHEST_S));
  #count = 0;
  #level = 0;
  #sinceSurge = Number.POSITIVE_INFINITY;
  #second: number;

  /** @param startSecond second of the day at which the series begins, UTC */
  constructor(startSecond: number) {
    this.#second = startSecond;
  }

  /** Requests/s that answers are multiples of; above 0. */
  get reference(): number {
    return this.#level + 0.3;
  }

  /** Learn the requests of one more second. Not a number or negative counts as none. */
  learn(requests: number): void {
    const value = requests >= 0 && Number.isFinite(requests) ? requests : 0;
    if (this.#count === 0) {
      this.#level = value;
      this.#smoothed.fill(value);
    }
    const off = Math.abs(value - this.#level) / Math.sqrt(this.#level + 1);
    follow(this.#spreads, SPREAD_WEIGHTS, off);
    follow(this.#smoothed, SMOOTHINGS, value);
    const isSurge = value > SURGE_RATIO * this.#level + SURGE_REQUESTS;
    this.#sinceSurge = isSurge ? 0 : this.#sinceSurge + 1;
    this.#level += LEVEL_WEIGHT * (value - this.#level);
    this.#recent[this.#count % this.#recent.length] = value;
    this.#count += 1;
    this.#second += 1;
  }

  /** Write the second's own features at a place of a row. */
  features(into: Float32Array, at: number): void {
    const ratio = (value: number) => Math.log((value + HALF) / (this.#level + HALF));
    let place = at;
    for (const value of this.#smoothed) into[place++] = ratio(value);
    into[place++] = Math.log(this.reference) / 3;
    into[place++] = 1 / Math.sqrt(this.#level + HALF);
    for (const span of HIGHEST_S) into[place++] = ratio(this.#extreme(span, Math.max));
    for (const span of LOWEST_S) into[place++] = ratio(this.#extreme(span, Math.min));
    for (const value of this.#spreads) into[place++] = Math.log(value + 0.1);
    into[place++] = Math.exp(-this.#sinceSurge / SURGE_FADES_S);
    for (const span of CLOCK_S) {
      const angle = (2 * Math.PI * (this.#second % span)) / span;
      into[place++] = Math.sin(angle);
      into[place++] = Math.cos(angle);
    }
  }

  #extreme(span: number, pick: (one: number, other: number) => number): number {
    const known = Math.min(span, this.#count);
    let found = this.#count === 0 ? 0 : this.#value(1);
    for (let back = 2; back <= known; back++) found = pick(found, this.#value(back));
    return found;
  }

  #value(back: number): number {
    return this.#recent[(this.#count - back) % this.#recent.length] as number;
  }
}

/** Running means that forget, each by its own weight. */
function follow(means: Float64Array, weights: readonly number[], value: number): void {
  weights.forEach((weight, index) => {
    const mean = means[index] as number;
    means[index] = mean + weight * (value - mean);
  });
}
