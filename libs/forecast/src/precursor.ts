import type { ObservedSample } from './burst-forecast.ts';
import type { OnsetForecast, OnsetForecaster } from './onset-forecast.ts';
import { BIN_SLOTS, BINS, precursorPosterior } from './precursor-likelihood.ts';
import { PrecursorShape, SLOT_MS } from './precursor-shape.ts';

/** Slots remembered: the longest shape and a little more. */
const SLOTS = 140;
/** Bins that must be known for a forecast: the last 4 s. */
const BINS_NEEDED = 8;
/** Differences of neighbouring bins remembered for the noise. */
const DIFFERENCES = 120;
/** Timing error of the grid and of the onset detector, seconds. */
const GRID_SD_S = 0.06;

/**
 * Onsets announced by what the rate does before them (a ramp, a dip, a run of small bursts). The
 * shape is learnt from the onsets seen so far and looked for in the last 8 s.
 */
export class PrecursorForecaster implements OnsetForecaster {
  readonly name = 'precursor';
  readonly #shape = new PrecursorShape();
  readonly #rates = new Float64Array(SLOTS).fill(Number.NaN);
  readonly #differences: number[] = [];
  #newestSlot = Number.NaN;
  #burstSlot = Number.NEGATIVE_INFINITY;
  #isInBurst = false;

  learn({ sample, onset, inBurst }: ObservedSample): void {
    const slot = Math.round(sample.timeUnixMs / SLOT_MS);
    this.#advance(slot);
    this.#isInBurst = inBurst;
    if (inBurst) this.#burstSlot = slot;
    if (onset) {
      // The shape ends before the slot in which the onset fell.
      const first = slot - Math.floor(onset.timeUnixMs / SLOT_MS);
      this.#shape.learn((k) => this.#rate(k + Math.max(0, first - 1)));
    }
    const rate = sample.throughputBytesPerSecond;
    this.#rates[modulo(slot)] = inBurst || rate === undefined ? Number.NaN : rate;
    this.#learnNoise(slot);
  }

  forecast(_horizonS: number): OnsetForecast {
    if (this.#isInBurst) return { abstained: 'in-burst' };
    if (this.#shape.count === 0) return { abstained: 'too-few-onsets' };
    const bins = this.#bins();
    if (Number.isNaN(bins[BINS_NEEDED - 1])) return { abstained: 'no-data' };
    const noise = this.#noise();
    if (noise === undefined) return { abstained: 'no-data' };
    const { probability, meanSlots, sdSlots } = precursorPosterior(bins, noise, this.#shape);
    if (!(probability >= 0.5)) return { abstained: 'no-precursor', probability };
    // An onset `ahead` slots away falls somewhere within that slot.
    const timeS = ((meanSlots - 0.5) * SLOT_MS) / 1000;
    const sdS = Math.hypot((sdSlots * SLOT_MS) / 1000, GRID_SD_S);
    return { timeS, sdS, probability };
  }

  /** Slots between the newest and this one were not sampled. */
  #advance(slot: number): void {
    const skipped = slot - this.#newestSlot;
    if (Number.isNaN(skipped) || skipped < 0 || skipped > SLOTS) this.#rates.fill(Number.NaN);
    else for (let s = this.#newestSlot + 1; s < slot; s++) this.#rates[modulo(s)] = Number.NaN;
    this.#newestSlot = slot;
  }

  /** Rate `back` slots before the newest; NaN where unknown. */
  #rate(back: number): number {
    return back >= SLOTS ? Number.NaN : (this.#rates[modulo(this.#newestSlot - back)] as number);
  }

  /** The newest bins, back to the last burst or gap: levels before it are another matter. */
  #bins(): number[] {
    const bins = new Array<number>(BINS).fill(Number.NaN);
    const slots = this.#newestSlot - this.#burstSlot;
    for (let j = 0; j < BINS && (j + 1) * BIN_SLOTS <= slots; j++) {
      const rate = this.#bin(j);
      if (Number.isNaN(rate)) break;
      bins[j] = rate;
    }
    return bins;
  }

  /** Mean rate of the j-th newest bin; NaN unless most of it is known. */
  #bin(j: number): number {
    let sum = 0;
    let n = 0;
    for (let k = j * BIN_SLOTS; k < (j + 1) * BIN_SLOTS; k++) {
      const rate = this.#rate(k);
      if (Number.isNaN(rate)) continue;
      sum += rate;
      n++;
    }
    return n * 2 > BIN_SLOTS ? sum / n : Number.NaN;
  }

  #learnNoise(slot: number): void {
    if (slot % BIN_SLOTS !== 0) return;
    const newer = this.#bin(0);
    const older = this.#bin(1);
    const difference = Math.abs(newer - older) / ((newer + older) / 2);
    if (!Number.isFinite(difference)) return;
    this.#differences.push(difference);
    if (this.#differences.length > DIFFERENCES) this.#differences.shift();
  }

  /** Relative standard deviation of one bin, from the median difference of neighbours. */
  #noise(): number | undefined {
    if (this.#differences.length < BINS_NEEDED) return undefined;
    const sorted = this.#differences.toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] as number;
    return Math.max(0.005, (1.4826 * middle) / Math.SQRT2);
  }
}

function modulo(slot: number): number {
  return ((slot % SLOTS) + SLOTS) % SLOTS;
}
