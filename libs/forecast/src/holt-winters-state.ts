/** Smoothing weights, each 0..1. */
export interface HoltWintersWeights {
  /** Weight of the newest value in the level. */
  alpha: number;
  /** Weight of the newest change of level in the trend; 0 with a zero trend is no trend. */
  beta: number;
  /** Weight of the newest deviation in the season; only with a season. */
  gamma?: number;
  /** Damping of the trend per step, 1 for none (Gardner and McKenzie, Man. Sci. 31, 1985). */
  phi?: number;
}

/** Where smoothing starts. */
export interface HoltWintersStart {
  level: number;
  trend: number;
  /** One deviation per step of the season, the next step's first. Absent: no season. */
  season?: readonly number[];
}

/**
 * Additive Holt-Winters smoothing with a damped trend, the component form of Hyndman and
 * Athanasopoulos, "Forecasting: Principles and Practice", sections 8.2 to 8.4:
 *
 *     l = alpha (y - s[-m]) + (1 - alpha) (l[-1] + phi b[-1])
 *     b = beta (l - l[-1]) + (1 - beta) phi b[-1]
 *     s = gamma (y - l[-1] - phi b[-1]) + (1 - gamma) s[-m]
 *     forecast(h) = l + (phi + ... + phi^h) b + s[h - m ceil(h / m)]
 */
export class HoltWintersState {
  readonly #weights: Required<HoltWintersWeights>;
  #level: number;
  #trend: number;
  /** The next step's deviation at `#phase`. */
  readonly #season: number[];
  #phase = 0;

  constructor({ weights, start }: { weights: HoltWintersWeights; start: HoltWintersStart }) {
    this.#weights = { gamma: 0, phi: 1, ...weights };
    this.#level = start.level;
    this.#trend = start.trend;
    this.#season = [...(start.season ?? [0])];
  }

  get level(): number {
    return this.#level;
  }

  get trend(): number {
    return this.#trend;
  }

  /** Take the next value; where it is missing, time passes along the forecast. */
  learn(value: number | undefined): void {
    const { alpha, beta, gamma, phi } = this.#weights;
    const expected = this.#level + phi * this.#trend;
    const deviation = this.#season[this.#phase] ?? 0;
    if (value === undefined) {
      this.#level = expected;
      this.#trend *= phi;
    } else {
      const level = alpha * (value - deviation) + (1 - alpha) * expected;
      this.#trend = beta * (level - this.#level) + (1 - beta) * phi * this.#trend;
      this.#season[this.#phase] = gamma * (value - expected) + (1 - gamma) * deviation;
      this.#level = level;
    }
    this.#phase = (this.#phase + 1) % this.#season.length;
  }

  /** @param step 1 or more */
  predict(step: number): number {
    const { phi } = this.#weights;
    const damped = phi === 1 ? step : (phi * (1 - phi ** step)) / (1 - phi);
    const deviation = this.#season[(this.#phase + step - 1) % this.#season.length] ?? 0;
    return this.#level + damped * this.#trend + deviation;
  }
}

/**
 * Start from the first two seasons (the "simple" start of R's forecast package): level is the first
 * one's mean, trend the growth of the mean per step, season the first one's deviations.
 * @param values at least two seasons; undefined where a season's step was never measured
 */
export function seasonStart(
  values: readonly (number | undefined)[],
  period: number,
): HoltWintersStart | undefined {
  const first = mean(values.slice(0, period));
  const second = mean(values.slice(period, 2 * period));
  if (first === undefined || second === undefined) return undefined;
  const season = values.slice(0, period).map((value) => (value === undefined ? 0 : value - first));
  return { level: first, trend: (second - first) / period, season };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  let count = 0;
  let sum = 0;
  for (const value of values) {
    if (value === undefined) continue;
    count += 1;
    sum += value;
  }
  return count === 0 ? undefined : sum / count;
}
