import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';

/** How long something must hold before it is said, and be gone before it is unsaid, ms. */
export interface AnomalyOptions {
  readonly onMs: number;
  readonly offMs: number;
}

/** A forecast is heard for this long after it was made, seconds: as far as it looks ahead. */
const OUTLOOK_S = 10;
/** The burst it announced may come this many standard deviations off its time. */
const TIMING_SD = 3;
/** From this utilisation on a limit is in the way; below, a target only rests at it. */
const PRESSED_UTILISATION = 0.7;
/** A forecaster knows nothing of its own spread at first: seconds that are not judged. */
const WARMUP_S = 60;
/** A span may begin a little before the one before it ends: that of a sample does, ms. */
const OVERLAP_MS = 1_000;
/** Time that nobody spoke for breaks a run, ms. */
const GAP_MS = 1_500;

/**
 * Traffic that no forecast expected (SPEC 4.1): the highest rate of each second is outside the
 * 99 % band of what was forecast for that second, five seconds on end. The band is that of the
 * newest forecast from before the second; while a burst is under way, that of the newest from
 * before the burst, so that a burst nobody announced counts and an announced one does not.
 * Forecasts state no low quantile: the lower end is the upper one mirrored at the median. The first
 * minute is not judged. On generated traffic of known kinds it is never on; on bursts at random
 * times it is on for those that outlast 5 s.
 */
export class ForecastAnomaly {
  readonly #debounce: Debounce;
  /** Wall second that is being measured. */
  #second = Number.NaN;
  #peak = Number.NaN;
  /** Of the samples above the band: from the start of the first to the end of the last, ms. */
  #above: { fromMs: number; toMs: number } | undefined;
  #band: Band | undefined;
  #outlook: BurstForecast | undefined;
  /** Seconds there was a band for. */
  #banded = 0;

  constructor({ onMs = 5_000, offMs = 5_000 }: Partial<AnomalyOptions> = {}) {
    this.#debounce = new Debounce({ onMs, offMs });
  }

  /**
   * One tick.
   * @param tick.sample the newest sample if it is new
   * @param tick.forecast the newest forecast there is
   * @returns whether the traffic is anomalous
   */
  step(tick: { sample: Sample | undefined; forecast: BurstForecast | undefined }): boolean {
    const { sample, forecast } = tick;
    if (sample !== undefined) this.#observe(sample);
    // Heard after the sample: a second is judged by what was forecast before it.
    if (forecast !== undefined && isOutlook(forecast)) this.#outlook = forecast;
    return this.#debounce.isOn;
  }

  #observe({ timeUnixMs, intervalMs = 100, throughputBytesPerSecond: rate }: Sample): void {
    const second = Math.floor(timeUnixMs / 1_000);
    if (second !== this.#second) {
      if (second > this.#second) this.#close();
      this.#second = second;
      this.#peak = Number.NaN;
      this.#above = undefined;
      this.#band = this.#outlook && bandAt(this.#outlook, second * 1_000);
      if (this.#band !== undefined) this.#banded += 1;
    }
    if (rate === undefined || !(rate >= 0)) return;
    this.#peak = Number.isNaN(this.#peak) ? rate : Math.max(this.#peak, rate);
    if (this.#band === undefined || rate <= this.#band.high) return;
    const fromMs = this.#above?.fromMs ?? timeUnixMs - intervalMs;
    this.#above = { fromMs, toMs: timeUnixMs };
  }

  #close(): void {
    const fromMs = this.#second * 1_000;
    const second = { fromMs, toMs: fromMs + 1_000 };
    const isKnown = this.#band !== undefined && !Number.isNaN(this.#peak);
    if (!isKnown || this.#banded <= WARMUP_S) this.#debounce.step({ ...second, isTrue: undefined });
    // A burst that only touches its first and last second does not fill them.
    else if (this.#above !== undefined) this.#debounce.step({ ...this.#above, isTrue: true });
    else this.#debounce.step({ ...second, isTrue: this.#peak < (this.#band as Band).low });
  }
}

/**
 * A controller that has come to the end of its room (SPEC 4.1): for 30 s its wish was beyond the
 * maximum or the latency budget while the need pressed against it. Resting at the minimum is what
 * an idle target does, and is none.
 */
export class AtLimit {
  readonly #debounce: Debounce;
  #nowMs = Number.NaN;

  constructor({ onMs = 30_000, offMs = 30_000 }: Partial<AnomalyOptions> = {}) {
    this.#debounce = new Debounce({ onMs, offMs });
  }

  /**
   * One tick.
   * @param tick.nowMs monotonic
   * @param tick.reasons of the decision
   * @param tick.utilisation peak need over the size in force; `undefined`: not known
   * @returns whether the target is at its limit
   */
  step(tick: {
    nowMs: number;
    reasons: readonly string[];
    utilisation: number | undefined;
  }): boolean {
    const { nowMs, reasons, utilisation } = tick;
    const isBound = reasons.includes('maximum') || reasons.includes('latency-budget');
    const isTrue =
      utilisation === undefined ? undefined : isBound && utilisation >= PRESSED_UTILISATION;
    const fromMs = Number.isNaN(this.#nowMs) ? nowMs : this.#nowMs;
    this.#nowMs = nowMs;
    return this.#debounce.step({ fromMs, toMs: nowMs, isTrue });
  }
}

interface Band {
  low: number;
  high: number;
}

/** Says that something holds once it has for a while, and that it does not once it has not. */
class Debounce {
  readonly #options: AnomalyOptions;
  #isTrue: boolean | undefined;
  #sinceMs = 0;
  #toMs = Number.NaN;
  isOn = false;

  constructor(options: AnomalyOptions) {
    this.#options = options;
  }

  /** @param span.isTrue `undefined`: not known, which counts for neither and ends both in time */
  step(span: { fromMs: number; toMs: number; isTrue: boolean | undefined }): boolean {
    const { fromMs, toMs, isTrue } = span;
    const isBroken = fromMs < this.#toMs - OVERLAP_MS || fromMs > this.#toMs + GAP_MS;
    if (isTrue !== this.#isTrue || isBroken) this.#sinceMs = fromMs;
    if (toMs > fromMs + GAP_MS) this.#sinceMs = toMs;
    this.#isTrue = isTrue;
    this.#toMs = toMs;
    const forMs = toMs - this.#sinceMs;
    if (isTrue === true && forMs >= this.#options.onMs) this.isOn = true;
    if (isTrue !== true && forMs >= this.#options.offMs) this.isOn = false;
    return this.isOn;
  }
}

/** Whether a forecast says what is to come, and not only that a burst is under way. */
function isOutlook({ abstained, levelBytesPerSecond }: BurstForecast): boolean {
  return levelBytesPerSecond.length > 0 && !abstained.includes('in-burst');
}

function bandAt(forecast: BurstForecast, atUnixMs: number): Band | undefined {
  const aheadS = (atUnixMs - forecast.madeUnixMs) / 1_000;
  if (!(aheadS >= -1 && aheadS < OUTLOOK_S)) return undefined;
  const levels = forecast.levelBytesPerSecond;
  const level = levels[Math.min(levels.length - 1, Math.max(0, Math.floor(aheadS)))];
  if (level === undefined) return undefined;
  const { q50, q99 } = level;
  const earliestS = forecast.timeToBurstS - TIMING_SD * forecast.timeSdS - 1;
  if (forecast.burstPredicted && aheadS >= earliestS) {
    return { low: 0, high: Math.max(q99, forecast.peakBytesPerSecond.q99) };
  }
  return { low: Math.max(0, 2 * q50 - q99), high: q99 };
}
