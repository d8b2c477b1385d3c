import { type Sample, SampleThread } from '@levitate/series';
import type { Burst, Onset } from './burst.ts';
import { BurstRecord } from './burst-record.ts';
import { QuietTraffic } from './quiet-traffic.ts';

/** On a link that was idle any traffic looks like a burst: it is its level after so long. */
const IDLE_MAXIMUM_MS = 5_000;

/** What one sample meant. */
export interface OnsetObservation {
  /** Set on the first sample known to belong to a burst. */
  onset?: Onset | undefined;
  /** Set on the first sample known to come after a burst. */
  ended?: Burst | undefined;
  /** The sample belongs to a burst, or follows one so closely that it may go on. */
  inBurst: boolean;
}

/** Settings of the detector; the defaults suit kernel samples of 100 ms. */
export interface OnsetDetectorOptions {
  /** Length of a sample, milliseconds; default 100. */
  intervalMs?: number;
  /** Shortest burst, milliseconds: 0 (default) for kernel samples, 200 for traces. */
  minimumMs?: number;
  /** A burst is over when so long has passed without a sign of it; default 300. */
  holdMs?: number;
  /**
   * A burst that starts so soon after the end of another is its echo, not one more: flows that
   * stalled in a full queue catch up. It is in a burst, without an onset. Default 2,000.
   */
  echoMs?: number;
  /** After so long it is the new level rather than a burst; default 60,000. */
  maximumMs?: number;
  /** What the baseline is the median of, milliseconds outside bursts; default 30,000. */
  baselineMs?: number;
  /** No onset before so much traffic has been seen, milliseconds; default 1,000. */
  warmupMs?: number;
}

/**
 * Finds bursts on one link as samples come in (SPEC 3.1): the rate at least 3x the trailing
 * baseline, not already in a burst. A burst of 20-80 ms hardly shows in the mean of 100 ms, so the
 * highest 10 ms and the room asked of the queue count as well, each against its own noise.
 *
 * The time of an onset is as good as the samples are. With the highest 10 ms known, the share of
 * the first sample that the burst filled is known too; with high-water mark, queue and drain, how
 * long ago it ended: then the onset is a few milliseconds off (the mark is). Where the queue ran
 * empty since, or never filled, the middle of the places left is taken: at most half a sample off,
 * early on average for bursts that last beyond the sample. Without the highest 10 ms it is the
 * middle of the sample. `ended` carries the better time: for a burst over several samples its edge.
 */
export class OnsetDetector {
  readonly #intervalMs: number;
  readonly #minimumMs: number;
  readonly #holdMs: number;
  readonly #maximumMs: number;
  readonly #echoMs: number;
  readonly #quiet: QuietTraffic;
  #burst: BurstRecord | undefined;
  #isConfirmed = false;
  #isEcho = false;
  /** End of the last burst that was no echo. */
  #endedUnixMs = Number.NEGATIVE_INFINITY;
  readonly #thread = new SampleThread();

  constructor(options: OnsetDetectorOptions = {}) {
    this.#intervalMs = options.intervalMs ?? 100;
    this.#minimumMs = options.minimumMs ?? 0;
    this.#holdMs = options.holdMs ?? 300;
    this.#maximumMs = options.maximumMs ?? 60_000;
    this.#echoMs = options.echoMs ?? 2000;
    this.#quiet = new QuietTraffic({
      capacity: Math.max(1, Math.round((options.baselineMs ?? 30_000) / this.#intervalMs)),
      warmup: Math.max(1, Math.round((options.warmupMs ?? 1000) / this.#intervalMs)),
    });
  }

  /** Median rate outside bursts, bytes/s; `undefined` until enough was seen. */
  get baselineBytesPerSecond(): number | undefined {
    return this.#quiet.baseline();
  }

  /**
   * Take the next sample of the link. Missing values are left out of every test; a sample that is
   * not newer than the newest changes nothing.
   */
  observe(sample: Sample): OnsetObservation {
    const place = this.#thread.place(sample);
    if (place === 'stale') return { inBurst: this.#burst !== undefined && this.#isConfirmed };
    const intervalMs = sample.intervalMs ?? this.#intervalMs;
    const standing = this.#quiet.judge(sample);
    const burst = this.#burst;
    if (burst === undefined) return this.#outside({ sample, intervalMs, standing });
    if (place === 'restart') {
      const { ended } = this.#end(burst);
      return { ...this.#outside({ sample, intervalMs, standing }), ended };
    }
    if (standing !== 'quiet') {
      burst.add({ sample, intervalMs });
      const maximumMs = burst.isFromIdle ? IDLE_MAXIMUM_MS : this.#maximumMs;
      if (burst.lengthMs() < maximumMs) return this.#confirm(burst);
      // What lasts so long is the new level: no burst, and the old level says nothing about it.
      this.#quiet.forget();
      this.#end(burst);
      return { inBurst: false };
    }
    burst.addNeed(sample);
    if (this.#isConfirmed && sample.timeUnixMs - burst.endUnixMs < this.#holdMs) {
      return { inBurst: true };
    }
    this.#quiet.learn(sample);
    return this.#end(burst);
  }

  #outside({ sample, intervalMs, standing }: OutsideSample): OnsetObservation {
    if (standing !== 'burst') {
      this.#quiet.learn(sample);
      return { inBurst: false };
    }
    const baseline = this.#quiet.baseline() ?? 0;
    this.#burst = new BurstRecord({ baselineBytesPerSecond: baseline, sample, intervalMs });
    this.#isConfirmed = false;
    const sinceMs = sample.timeUnixMs - intervalMs - this.#endedUnixMs;
    this.#isEcho = sinceMs >= 0 && sinceMs < this.#echoMs;
    return this.#confirm(this.#burst);
  }

  /** Tell of the onset once the burst has lasted long enough. */
  #confirm(burst: BurstRecord): OnsetObservation {
    if (this.#isConfirmed) return { inBurst: true };
    // Half a millisecond of grace: sample times come from clocks.
    this.#isConfirmed = burst.lengthMs() >= this.#minimumMs - 0.5;
    if (!this.#isConfirmed) return { inBurst: false };
    return this.#isEcho ? { inBurst: true } : { onset: burst.onset(), inBurst: true };
  }

  #end(burst: BurstRecord): OnsetObservation {
    const ended = this.#isConfirmed && !this.#isEcho ? burst.burst() : undefined;
    if (ended) this.#endedUnixMs = burst.endUnixMs;
    this.#burst = undefined;
    this.#isConfirmed = false;
    return { ended, inBurst: false };
  }
}

interface OutsideSample {
  sample: Sample;
  intervalMs: number;
  standing: ReturnType<QuietTraffic['judge']>;
}
