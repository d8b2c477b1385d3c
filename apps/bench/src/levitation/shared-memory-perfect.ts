import type { BurstForecast, Quantiles } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import type { PlannedBurst } from '@levitate/traffic';
import type { QueueForecaster } from './shared-memory-split.ts';
import { START_UNIX_MS } from './shared-memory-trace.ts';

const HORIZON_S = 10;

/**
 * The true onset, length and room of the next burst of one queue, in the predictor's own format:
 * what remains to be dropped then is the doing of the control law, not of its forecasts.
 */
export class PerfectQueueForecaster implements QueueForecaster {
  readonly #bursts: readonly PlannedBurst[];
  readonly #needBytes: readonly number[];
  #nowMs = 0;

  /** @param truth `needBytes`: room that each of the bursts asks for */
  constructor(truth: { bursts: readonly PlannedBurst[]; needBytes: readonly number[] }) {
    this.#bursts = truth.bursts;
    this.#needBytes = truth.needBytes;
  }

  learn(sample: Sample): void {
    this.#nowMs = sample.timeUnixMs - START_UNIX_MS;
  }

  forecast(): BurstForecast {
    const next = this.#bursts.findIndex(({ timeMs }) => timeMs >= this.#nowMs);
    const burst = this.#bursts[next];
    const timeToBurstS = burst ? (burst.timeMs - this.#nowMs) / 1000 : Number.POSITIVE_INFINITY;
    const isNear = timeToBurstS <= HORIZON_S;
    // Of a burst under way the length is still asked for: that of the one before the next.
    const sized = isNear ? burst : this.#bursts[next === -1 ? this.#bursts.length - 1 : next - 1];
    return {
      link: 'perfect',
      madeUnixMs: START_UNIX_MS + this.#nowMs,
      horizonS: HORIZON_S,
      burstPredicted: isNear,
      confidence: isNear ? 1 : 0,
      timeToBurstS: isNear ? timeToBurstS : HORIZON_S,
      timeSdS: 0,
      magnitude: 1,
      durationS: same((sized?.durationMs ?? 0) / 1000),
      peakBytesPerSecond: same(0),
      volumeBytes: same(0),
      needBytes: same(isNear ? (this.#needBytes[next] ?? 0) : 0),
      levelBytesPerSecond: [],
      abstained: isNear ? [] : ['outside-horizon'],
      model: 'perfect',
    };
  }
}

function same(value: number): Quantiles {
  return { q50: value, q90: value, q99: value };
}
