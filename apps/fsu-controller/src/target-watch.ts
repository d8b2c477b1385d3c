import {
  AtLimit,
  type CanaryReading,
  ForecastAnomaly,
  type ResourceMeasurement,
} from '@levitate/control';
import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import type { CanaryGate } from './canary-rollout.ts';
import type { TargetConfig } from './target-config.ts';
import type { AnomalyKind, TargetEvents } from './target-events.ts';

/** What a decision says of a target's room. */
interface Pressure {
  nowMs: number;
  reasons: readonly string[];
  utilisation: number | undefined;
}

/** @see TargetWatch */
export interface TargetWatchOptions {
  config: TargetConfig;
  canary: CanaryGate;
  events: TargetEvents;
  /** Whether the target is changed as soon as the roll-out lets it. */
  isEnforcing: () => boolean;
}

/**
 * What is looked at beside control: traffic that no forecast expected, a limit that has been in
 * the way for long, and what the roll-out by stages is judged by.
 */
export class TargetWatch {
  readonly #options: TargetWatchOptions;
  readonly #anomaly = new ForecastAnomaly();
  readonly #atLimit = new AtLimit();
  /** What is on, as far as it was told. */
  readonly #told = new Set<AnomalyKind>();

  constructor(options: TargetWatchOptions) {
    this.#options = options;
  }

  /** A tick's decision. */
  decided(pressure: Pressure): void {
    this.#tell('at-limit', this.#atLimit.step(pressure));
  }

  /** A tick's samples of a queue, with the newest forecast there is. */
  sampled(samples: readonly Sample[], forecast: BurstForecast | undefined): void {
    const { config } = this.#options;
    for (const sample of samples) this.#judge(() => readingOf(sample));
    if (!config.predictive) return;
    let isOn = false;
    for (const sample of samples.length === 0 ? [undefined] : samples) {
      isOn = this.#anomaly.step({ sample, forecast });
    }
    this.#tell('forecast-anomaly', isOn);
  }

  /** A tick's measurement of another resource: what was asked of it, and turned away. */
  measured({ need, rejected = 0, delayS }: ResourceMeasurement): void {
    const delayMs = delayS === undefined ? undefined : 1_000 * delayS;
    this.#judge(() => ({ arrivedBytes: need, droppedBytes: rejected, delayMs }));
  }

  /** Only what has changed: this is asked for every target ten times a second. */
  #tell(kind: AnomalyKind, isOn: boolean): void {
    if (this.#told.has(kind) === isOn) return;
    if (isOn) this.#told.add(kind);
    else this.#told.delete(kind);
    const { config, events } = this.#options;
    events.onAnomaly(config.name, kind, isOn);
  }

  #judge(makeReading: () => CanaryReading): void {
    const { config, canary, isEnforcing } = this.#options;
    if (!config.canary) return;
    // One that only recommends shows nothing of enforcement: its host is as good as silent.
    if (canary.enforces(config) && !isEnforcing()) return;
    canary.observe(config, makeReading());
  }
}

/** What was dropped of what arrived, and how long the last of it waited. */
function readingOf(sample: Sample): CanaryReading {
  const { throughputBytesPerSecond = 0, intervalMs = 0, droppedBytes = 0 } = sample;
  const { queueHighWaterBytes: most, drainBytesPerSecond: drain } = sample;
  return {
    arrivedBytes: (throughputBytesPerSecond * intervalMs) / 1_000,
    droppedBytes,
    delayMs: most === undefined || !drain ? undefined : (1_000 * most) / drain,
  };
}
