import { median } from '@levitate/series';

/** Time grid of rates: one slot per 100 ms. */
export const SLOT_MS = 100;
/** How far before an onset a shape reaches, slots. */
const SHAPE_SLOTS = 130;
/** Slots before the onset whose mean is the shape's unit: before any precursor of up to 6 s. */
const UNIT_FROM = 60;
const UNIT_TO = 90;
const UNIT_SLOTS_MIN = 10;
/** Nothing earlier than this is taken to announce the onset. */
const PRECURSOR_SLOTS_MAX = 80;
const SHAPES_MAX = 8;
/** Smoothing of the shape, slots to each side. */
const SMOOTH_SLOTS = 2;

/**
 * What the rate did before the last onsets of a link: the median of those stretches, each as a
 * multiple of its own level well before the onset. Flat at 1 where nothing announces an onset.
 */
export class PrecursorShape {
  #shapes: Float64Array[] = [];
  /** Prefix sums of the shape by slots before the onset: cumulative[k] = sum of slots 1..k. */
  #cumulative = new Float64Array(SHAPE_SLOTS + 1);

  /** Onsets the shape was learnt from. */
  get count(): number {
    return this.#shapes.length;
  }

  /**
   * Learn the stretch before an onset.
   * @param before rate by slots before the onset, `before(1)` the last one; NaN where unknown
   * @returns whether enough of it was known
   */
  learn(before: (slots: number) => number): boolean {
    const unit = meanOf(before, UNIT_FROM, UNIT_TO);
    if (unit === undefined || unit <= 0) return false;
    const shape = new Float64Array(SHAPE_SLOTS + 1);
    for (let k = 1; k <= SHAPE_SLOTS; k++) shape[k] = before(k) / unit;
    this.#shapes.push(shape);
    if (this.#shapes.length > SHAPES_MAX) this.#shapes.shift();
    this.#fit();
    return true;
  }

  /** Mean of the shape over `slots` slots that end `end` slots before the onset; 1 far before. */
  mean(end: number, slots: number): number {
    const from = Math.min(end, SHAPE_SLOTS);
    const to = Math.min(end + slots, SHAPE_SLOTS);
    const known = (this.#cumulative[to] as number) - (this.#cumulative[from] as number);
    return (known + (slots - (to - from))) / slots;
  }

  #fit(): void {
    const raw = new Float64Array(SHAPE_SLOTS + 1).fill(1);
    for (let k = 1; k <= PRECURSOR_SLOTS_MAX; k++) {
      raw[k] = medianAcross(this.#shapes, k);
    }
    for (let k = 1; k <= SHAPE_SLOTS; k++) {
      let sum = 0;
      let n = 0;
      const to = Math.min(SHAPE_SLOTS, k + SMOOTH_SLOTS);
      for (let i = Math.max(1, k - SMOOTH_SLOTS); i <= to; i++) {
        sum += raw[i] as number;
        n++;
      }
      this.#cumulative[k] = (this.#cumulative[k - 1] as number) + sum / n;
    }
  }
}

/** Median of the stretches at one slot, so that a decoy before one onset does not bend it. */
function medianAcross(shapes: readonly Float64Array[], k: number): number {
  const known = shapes.map((shape) => shape[k] as number).filter((x) => !Number.isNaN(x));
  if (known.length === 0) return 1;
  if (known.length < 3) return known.reduce((sum, x) => sum + x, 0) / known.length;
  return median(known) as number;
}

function meanOf(before: (slots: number) => number, from: number, to: number): number | undefined {
  let sum = 0;
  let n = 0;
  for (let k = from; k < to; k++) {
    const x = before(k);
    if (Number.isNaN(x)) continue;
    sum += x;
    n++;
  }
  return n >= UNIT_SLOTS_MIN ? sum / n : undefined;
}
