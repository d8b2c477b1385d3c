import { strict as assert } from 'node:assert';
import { poissonSmall, poissonTransformedRejection } from './poisson.ts';

/** Below this mean the multiplication method is faster; above it Hörmann's method is valid. */
const POISSON_SMALL_MEAN = 10;

/**
 * Random numbers as a value: the same seed gives the same numbers on every machine. The generator
 * is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 47(4), 2021), which needs 32-bit integers only. Not for secrets.
 */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | undefined;
  readonly #float = () => this.float();
  readonly #seed: readonly [number, number, number, number];

  /**
   * @param seed any number or text; equal seeds give equal streams
   */
  constructor(seed: number | string) {
    this.#seed = stateOf(typeof seed === 'number' ? `n:${seed}` : `s:${seed}`);
    [this.#a, this.#b, this.#c, this.#d] = this.#seed;
  }

  /** The generator in the given state of four 32-bit words, not all zero. For reference vectors. */
  static fromState(state: readonly [number, number, number, number]): SeededRandom {
    assert(
      state.some((word) => word >>> 0 !== 0),
      'xoshiro128** cannot leave the state 0, 0, 0, 0',
    );
    const random = new SeededRandom(0);
    [random.#a, random.#b, random.#c, random.#d] = state;
    return random;
  }

  /**
   * An independent stream named `label`. It depends on the seed and the label alone, never on how
   * much was drawn before, so that adding a draw in one place shifts nothing in another.
   */
  fork(label: string | number): SeededRandom {
    return new SeededRandom(`${this.#seed.join(',')}/${label}`);
  }

  /** 32 random bits as an integer in 0..2^32-1. */
  nextU32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  float(): number {
    const high = this.nextU32() >>> 5;
    const low = this.nextU32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.float();
  }

  /** Uniform integer in 0..count-1. @param count 1..2^32 */
  integer(count: number): number {
    assert(count >= 1, `a choice among ${count} is none`);
    return Math.floor(this.float() * count);
  }

  /** Density proportional to 1/x on [low, high): every decade is as likely. Both above 0. */
  logUniform(low: number, high: number): number {
    assert(low > 0 && high >= low, `logUniform needs 0 < ${low} <= ${high}`);
    const drawn = Math.exp(this.uniform(Math.log(low), Math.log(high)));
    return Math.min(high, Math.max(low, drawn));
  }

  /** Normal, by Marsaglia's polar method (SIAM Review 6(3), 1964). @param sd at least 0 */
  normal(mean = 0, sd = 1): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return mean + sd * spare;
    }
    for (;;) {
      const x = 2 * this.float() - 1;
      const y = 2 * this.float() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = y * scale;
      return mean + sd * x * scale;
    }
  }

  /** Exponential. @param mean above 0 */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.float());
  }

  /** Poisson count, exact in distribution at every mean. @param mean at least 0, below 2^31 */
  poisson(mean: number): number {
    assert(mean >= 0 && mean < 2 ** 31, `poisson needs 0 <= mean < 2^31, got ${mean}`);
    if (mean < POISSON_SMALL_MEAN) return poissonSmall(mean, this.#float);
    return poissonTransformedRejection(mean, this.#float);
  }

  /**
   * Pareto (type I): at least `scale`, mean scale x shape / (shape - 1) for shape > 1, infinite
   * variance for shape <= 2.
   */
  pareto({ shape, scale }: { shape: number; scale: number }): number {
    assert(shape > 0 && scale > 0, `pareto needs shape and scale above 0: ${shape}, ${scale}`);
    return scale / (1 - this.float()) ** (1 / shape);
  }

  /** One of the items, each as likely. @param items at least one */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }
}

/** Four words by FNV-1a over the text, each finished by MurmurHash3's 32-bit mix. */
function stateOf(text: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  const word = (index: number) => mix32(hash + Math.imul(index, 0x9e3779b9));
  const second = mix32(Math.imul(hash, 0x85ebca6b) ^ text.length);
  // Never all zero: the last word keeps one bit.
  return [word(1), word(2) ^ second, word(3) + second, word(4) | 1].map((w) => w >>> 0) as [
    number,
    number,
    number,
    number,
  ];
}

function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
