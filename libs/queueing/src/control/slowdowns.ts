import type { SeededRandom } from '@levitate/clock';

/** When something is slower than it should be, and by how much. */
export interface Slowdowns {
  /** Starts, milliseconds, ascending; no two overlap. */
  fromMs: Float64Array;
  toMs: Float64Array;
  /** Speed in between, of 1. */
  factor: Float64Array;
}

/** How often and how badly. */
export interface SlowdownOptions {
  /** Mean of the exponential time from the end of one to the start of the next, seconds. */
  everySeconds: number;
  /** Length, uniform between the two, seconds. */
  lastSeconds: readonly [number, number];
  /** Speed, uniform between the two. */
  factor: readonly [number, number];
}

/** Slowdowns that start before `untilMs`. */
export function drawSlowdowns(
  options: SlowdownOptions,
  { untilMs, random }: { untilMs: number; random: SeededRandom },
): Slowdowns {
  const { everySeconds, lastSeconds, factor } = options;
  const rows: [number, number, number][] = [];
  let fromMs = random.exponential(everySeconds) * 1000;
  while (fromMs < untilMs) {
    const toMs = fromMs + random.uniform(...lastSeconds) * 1000;
    rows.push([fromMs, toMs, random.uniform(...factor)]);
    fromMs = toMs + random.exponential(everySeconds) * 1000;
  }
  return {
    fromMs: Float64Array.from(rows, (row) => row[0]),
    toMs: Float64Array.from(rows, (row) => row[1]),
    factor: Float64Array.from(rows, (row) => row[2]),
  };
}

/** Nothing is ever slow. */
export const noSlowdowns: Slowdowns = {
  fromMs: new Float64Array(0),
  toMs: new Float64Array(0),
  factor: new Float64Array(0),
};

/** Reads slowdowns forward in time. */
export class SlowdownCursor {
  readonly #slowdowns: Slowdowns;
  #index = 0;
  #isSlow = false;

  constructor(slowdowns: Slowdowns) {
    this.#slowdowns = slowdowns;
  }

  /** Speed now, of 1. */
  get factor(): number {
    return this.#isSlow ? (this.#slowdowns.factor[this.#index] as number) : 1;
  }

  /** When the speed changes next; `Infinity` if it does not. */
  get nextMs(): number {
    const times = this.#isSlow ? this.#slowdowns.toMs : this.#slowdowns.fromMs;
    return times[this.#index] ?? Number.POSITIVE_INFINITY;
  }

  /** Go past every change up to `nowMs`. */
  advance(nowMs: number): void {
    while (this.nextMs <= nowMs) {
      if (this.#isSlow) this.#index++;
      this.#isSlow = !this.#isSlow;
    }
  }
}
