import type { Clock } from '@levitate/clock';
import { contracts, type telemetry } from '@levitate/contracts';
import {
  type AppendOutcome,
  type FeatureWindows,
  type FollowBatch,
  type FollowOptions,
  type SeriesSummary,
  sampleFromProto,
} from '@levitate/feature-windows';
import type { Sample, SampleOrigin } from '@levitate/series';
import type { TelemetryMetrics } from './metrics.ts';

/**
 * The way of every sample into the windows, whatever its source: what became of it is counted, and
 * how long it took is measured. One append per message of a source, never per sample.
 */
export class Ingest implements FeatureWindows {
  readonly #windows: FeatureWindows;
  readonly #metrics: TelemetryMetrics;
  readonly #clock: Clock;

  constructor(parts: { windows: FeatureWindows; metrics: TelemetryMetrics; clock: Clock }) {
    this.#windows = parts.windows;
    this.#metrics = parts.metrics;
    this.#clock = parts.clock;
  }

  async append(samples: readonly Sample[]): Promise<AppendOutcome> {
    const startMs = this.#clock.monotonicMs();
    this.#metrics.received(samples, this.#clock.unixMs());
    const outcome = await this.#windows.append(samples);
    this.#metrics.appendSeconds((this.#clock.monotonicMs() - startMs) / 1000);
    this.#metrics.reached(samples, this.#clock.unixMs());
    this.#metrics.appended(outcome);
    return outcome;
  }

  /**
   * A message that no server has validated: a peer's stream. What is not a sample is left out and
   * counted; the rest of the message is taken.
   */
  async appendUnchecked(
    source: { name: string; origin: SampleOrigin },
    message: readonly telemetry.Sample[],
  ): Promise<Sample[]> {
    const isSound = isValid(message);
    const valid = isSound ? message : message.filter((sample) => isValid([sample]));
    this.#metrics.invalid(source.name, message.length - valid.length);
    const samples = valid.map((sample) => sampleFromProto(sample, source.origin));
    if (samples.length > 0) await this.append(samples);
    return samples;
  }

  read(link: string): Promise<Sample[]> {
    return this.#windows.read(link);
  }

  summaries(): Promise<SeriesSummary[]> {
    return this.#windows.summaries();
  }

  follow(options: FollowOptions): AsyncIterable<FollowBatch> {
    return this.#windows.follow(options);
  }

  close(): Promise<void> {
    return this.#windows.close();
  }
}

function isValid(samples: readonly telemetry.Sample[]): boolean {
  return samples.length === 0 || contracts.telemetry.validate.pushSamples({ samples }).length === 0;
}
