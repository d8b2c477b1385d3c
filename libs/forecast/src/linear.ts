import type { LevelForecaster, PointModel } from './level-forecaster.ts';
import { type LevelOptions, PrequentialForecaster } from './prequential-forecaster.ts';
import { correct, dot, RecursiveLeastSquares } from './recursive-least-squares.ts';

/** Options of `linear`. */
export interface LinearOptions extends LevelOptions {
  /** Steps looked back on. Default 32; cost grows with its square. */
  lookBack?: number;
  /** Width of the moving average that is the trend, odd. Default 9. */
  kernel?: number;
  /** Pull of the weights towards persistence. Default 1, in units of the series' own spread. */
  ridge?: number;
  /** Share of an observation that counts one step later. Default 0.9995 (half after 23 min). */
  forgetting?: number;
}

/**
 * Linear maps from the recent past to each next step, in the form of DLinear (Zeng et al., "Are
 * Transformers effective for time series forecasting?", AAAI 2023): the look-back window is split
 * into a moving-average trend (edges padded with the end values) and the remainder, each mapped
 * linearly, the two results added. Like NLinear of the same paper the window is taken relative to
 * its last value, so that a change of level does not matter and weights of zero are persistence.
 * Trained online by recursive least squares, one gain for all steps; nothing is fitted in advance.
 */
export function linear(options: LinearOptions = {}): LevelForecaster {
  return new PrequentialForecaster({ ...options, name: 'linear', model: new LinearMaps(options) });
}

/**
 * NLinear of the same paper: the window relative to its last value, mapped linearly to each next
 * step without splitting off a trend (a moving average of one value leaves no remainder).
 */
export function nlinear(options: Omit<LinearOptions, 'kernel'> = {}): LevelForecaster {
  const model = new LinearMaps({ ...options, kernel: 1 });
  return new PrequentialForecaster({ ...options, name: 'nlinear', model });
}

class LinearMaps implements PointModel {
  readonly #lookBack: number;
  readonly #kernel: number;
  readonly #squares: RecursiveLeastSquares;
  readonly #weights: Float64Array[];
  /** What was seen and at which gain, `stepsMax` steps back, the newest last. */
  readonly #seen: (Seen | undefined)[] = [];
  #window: number[] = [];
  #missing: boolean[] = [];
  #scale = 0;
  #last: number | undefined;
  #now: Seen | undefined;

  constructor(options: LinearOptions) {
    const { stepsMax = 10, lookBack = 32, kernel = 9, ridge = 1, forgetting = 0.9995 } = options;
    this.#lookBack = lookBack;
    this.#kernel = kernel;
    this.#squares = new RecursiveLeastSquares({ inputs: 2 * lookBack + 1, ridge, forgetting });
    this.#weights = Array.from({ length: stepsMax }, () => new Float64Array(2 * lookBack + 1));
  }

  learn(value: number | undefined): void {
    if (value !== undefined) this.#correct(value);
    if (this.#last === undefined && value === undefined) return;
    this.#follow(value);
    this.#now = this.#look();
    this.#seen.push(this.#now);
    if (this.#seen.length > this.#weights.length) this.#seen.shift();
  }

  predict(steps: number): number[] {
    const last = this.#last;
    if (last === undefined) return [];
    const seen = this.#now;
    if (seen === undefined) return new Array<number>(steps).fill(last);
    return this.#weights
      .slice(0, steps)
      .map((weights) => last + seen.scale * clipped(dot(weights, seen.input)));
  }

  /** Every step's weights learn from the input that was seen that many steps ago. */
  #correct(value: number): void {
    for (let index = 0; index < this.#weights.length; index++) {
      const seen = this.#seen[this.#seen.length - 1 - index];
      const weights = this.#weights[index];
      if (seen === undefined || weights === undefined) continue;
      const target = clipped((value - seen.last) / seen.scale);
      correct(weights, { gain: seen.gain, error: target - dot(weights, seen.input) });
    }
  }

  /** Append to the window; a missing value repeats the one before. */
  #follow(value: number | undefined): void {
    const known = value ?? this.#last ?? 0;
    const change = Math.abs(known - (this.#last ?? known));
    const isYoung = this.#window.length < this.#lookBack;
    const memory = isYoung ? this.#window.length / (this.#window.length + 1) : SCALE_MEMORY;
    const believed = isYoung || this.#scale === 0 ? change : Math.min(change, CLIP * this.#scale);
    if (value !== undefined) this.#scale = memory * this.#scale + (1 - memory) * believed;
    this.#last = known;
    this.#window.push(known);
    this.#missing.push(value === undefined);
    if (this.#window.length > this.#lookBack) {
      this.#window.shift();
      this.#missing.shift();
    }
  }

  /** The window as input; undefined while it is too short, too patchy or without any movement. */
  #look(): Seen | undefined {
    const last = this.#last ?? 0;
    if (this.#window.length < this.#lookBack) return undefined;
    if (this.#missing.filter(Boolean).length > this.#lookBack * MISSING_MAX) return undefined;
    const scale = this.#scale;
    if (scale <= Math.abs(last) * STILL || scale === 0) return undefined;
    const { length } = this.#window;
    const relative = this.#window.map((value) => clipped((value - last) / scale));
    const trend = movingAverage(relative, this.#kernel);
    const input = new Float64Array(2 * length + 1).fill(1);
    for (let index = 0; index < length; index++) {
      input[index] = trend[index] as number;
      input[length + index] = (relative[index] as number) - (trend[index] as number);
    }
    return { input, gain: this.#squares.gain(input), scale, last };
  }
}

interface Seen {
  input: Float64Array;
  gain: Float64Array;
  scale: number;
  last: number;
}

/** Centred, the ends padded with the end values as DLinear does. */
export function movingAverage(values: readonly number[], kernel: number): number[] {
  const half = kernel >> 1;
  return values.map((_, centre) => {
    let sum = 0;
    for (let at = centre - half; at <= centre + half; at++) {
      sum += values[Math.min(values.length - 1, Math.max(0, at))] as number;
    }
    return sum / (2 * half + 1);
  });
}

/** One broken counter must not throw the weights away. */
function clipped(value: number): number {
  return Math.min(CLIP, Math.max(-CLIP, value));
}

/** In scales; a burst train's own bursts raise the scale and stay below. */
const CLIP = 50;
/** The scale is the mean absolute step, half forgotten after 140 steps. */
const SCALE_MEMORY = 0.995;
/** A series that moves less than this share of itself is taken as constant. */
const STILL = 1e-9;
/** Share of the look-back window that may be missing. */
const MISSING_MAX = 0.25;
