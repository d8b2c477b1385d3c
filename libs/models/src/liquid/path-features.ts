import type { ObservationWindow } from '../served-model.ts';
import { pathFeatureNames } from './path-observation.ts';

/** Numbers that a network sees at each observation. */
export const PATH_INPUTS = 15;
/** Numbers of an observation. */
const FIELDS = pathFeatureNames.length;

/** Time constants of the trailing means, seconds. */
const LEVEL_S = 20;
const FAST_S = 3;
const BASE_S = 1.5;
const SPREAD_S = 10;
/** A path below this is silent: what is divided by its level stays bounded. Bytes/s. */
const LEVEL_MIN = 1000;
/** A change of more than this many levels at once is the same to the network. */
export const CHANGE_MAX = 4;
const DAY_S = 86_400;

/** Groups of inputs that a training set may lack; the network then never sees them. */
export interface PathSenses {
  roundTrip: boolean;
  loss: boolean;
  clock: boolean;
}

/** A window as a network sees it. */
export interface PathInputs {
  /** [steps x PATH_INPUTS] */
  readonly inputs: Float64Array;
  readonly timespans: Float64Array;
  /** Trailing level at each step, bytes/s: the unit of the network's outputs. */
  readonly scale: Float64Array;
  /** What the network's outputs are added to, bytes/s. */
  readonly base: Float64Array;
  readonly steps: number;
}

/**
 * Turn observations into inputs that know nothing but the past and do not depend on the unit: all
 * rates relative to the path's own trailing level. What was not measured is 0 beside a mask of 0;
 * what no training set measured (`senses`) stays masked in service, because weights that never saw
 * it say nothing about it.
 */
export function pathInputs(window: ObservationWindow, senses: PathSenses): PathInputs {
  const steps = window.elapsedSeconds.length;
  const inputs = new Float64Array(steps * PATH_INPUTS);
  const scale = new Float64Array(steps);
  const base = new Float64Array(steps);
  const timespans = new Float64Array(steps);
  const level = new TrailingMean(LEVEL_S);
  const fast = new TrailingMean(FAST_S);
  const low = new TrailingMean(BASE_S);
  const spread = new TrailingMean(SPREAD_S);
  let before = window.values[0] ?? 0;
  for (let t = 0; t < steps; t++) {
    const rate = window.values[t * FIELDS] as number;
    const elapsed = t === 0 ? 1 : Math.min(60, Math.max(0.01, window.elapsedSeconds[t] as number));
    timespans[t] = elapsed;
    const usual = Math.max(LEVEL_MIN, level.add(rate, elapsed));
    const newest = fast.add(rate, elapsed);
    base[t] = low.add(rate, elapsed);
    scale[t] = usual;
    const at = t * PATH_INPUTS;
    inputs[at] = change(rate - usual, usual);
    inputs[at + 1] = change(newest - usual, usual);
    inputs[at + 2] = change(rate - before, usual);
    inputs[at + 3] = change(spread.add(Math.abs(rate - newest), elapsed), usual);
    inputs[at + 4] = (Math.log10(usual) - 6) / 2;
    inputs[at + 5] = Math.log2(elapsed) / 4;
    writeSenses(inputs, at + 6, { values: window.values, from: t * FIELDS + 1, senses });
    before = rate;
  }
  return { inputs, timespans, scale, base, steps };
}

function change(difference: number, usual: number): number {
  return Math.max(-CHANGE_MAX, Math.min(CHANGE_MAX, difference / usual));
}

/** Round trip, loss and clock, each beside its mask: 9 numbers. */
function writeSenses(
  inputs: Float64Array,
  at: number,
  { values, from, senses }: { values: Float64Array; from: number; senses: PathSenses },
): void {
  const [roundTrip, loss, second, day] = values.subarray(from, from + 4) as unknown as number[];
  if (senses.roundTrip && isMeasured(roundTrip)) {
    inputs[at] = Math.max(-2, Math.min(2, Math.log10(Math.max(1e-4, roundTrip) / 0.05)));
    inputs[at + 1] = 1;
  }
  if (senses.loss && isMeasured(loss)) {
    inputs[at + 2] = Math.min(1, 10 * loss);
    inputs[at + 3] = 1;
  }
  if (!senses.clock || !isMeasured(second) || !isMeasured(day)) return;
  const hour = (2 * Math.PI * second) / DAY_S;
  const week = (2 * Math.PI * (day + second / DAY_S)) / 7;
  inputs.set([Math.sin(hour), Math.cos(hour), Math.sin(week), Math.cos(week), 1], at + 4);
}

function isMeasured(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

/** An exponential mean over irregular samples, exact from the first one on. */
class TrailingMean {
  readonly #seconds: number;
  #sum = 0;
  #weight = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  add(value: number, elapsed: number): number {
    const kept = Math.exp(-elapsed / this.#seconds);
    this.#sum = kept * this.#sum + (1 - kept) * value;
    this.#weight = kept * this.#weight + (1 - kept);
    return this.#sum / this.#weight;
  }
}
