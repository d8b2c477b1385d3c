import type { TimedSample } from '@levitate/series';
import { SampleRows } from './sample-rows.ts';
import type { WindowBounds } from './window-bounds.ts';

/** What became of one sample. */
export type WindowOutcome = 'accepted' | 'duplicate' | 'late';

/** Counts since the window was made. */
export interface WindowCounters {
  samples: number;
  duplicate: number;
  late: number;
  /** Accepted, but not as the newest. */
  outOfOrder: number;
  /** Holes: how often the next sample was not the next one. */
  gaps: number;
  /** Steps of the source's clock that were seen, either way. */
  clockSteps: number;
}

/**
 * The window of one link or path: the newest samples ordered by time, one per time. A pure state
 * machine: `nowMs` is handed in.
 *
 * A sample behind the newest one is out of order, late, or the first after the source's clock was
 * set back, and only the sequence tells them apart at once: a higher sequence with an earlier time
 * is a step. Without sequences a second of nothing but late samples is taken for a step, since a
 * source whose clock is wrong must not be blind until the clock comes round again. (Tried and
 * dropped: ten late samples whatever their arrival; a client that catches up on old samples in one
 * batch then throws the live window away.)
 */
export class SampleWindow<S extends TimedSample> {
  readonly counters: WindowCounters = {
    samples: 0,
    duplicate: 0,
    late: 0,
    outOfOrder: 0,
    gaps: 0,
    clockSteps: 0,
  };
  readonly #bounds: WindowBounds;
  readonly #intervalMs: number;
  readonly #rows = new SampleRows<S>();
  /** The last row as it came in: every sample is held against it. */
  #newest: S | undefined;
  #lateStreak: { sinceMs: number; samples: number } | undefined;

  /** @param options.intervalMs assumed where the samples do not say, milliseconds */
  constructor(options: WindowBounds & { intervalMs: number }) {
    this.#bounds = options;
    this.#intervalMs = options.intervalMs;
  }

  get newest(): S | undefined {
    return this.#newest;
  }

  /** Oldest first; copies. */
  read(): S[] {
    return this.#rows.read();
  }

  /**
   * @param sample of this link or path; its time is finite (the edge has checked).
   * @param nowMs monotonic, milliseconds; its arrival.
   */
  append(sample: S, nowMs: number): WindowOutcome {
    const newest = this.newest;
    if (newest !== undefined && hasSteppedBack(newest, sample)) this.#restartAt(sample.timeUnixMs);
    const outcome = this.#place(sample);
    if (outcome !== 'late') {
      this.#lateStreak = undefined;
    } else if (this.#isStepWithoutSequence(nowMs)) {
      this.#restartAt(Number.NEGATIVE_INFINITY);
      this.#lateStreak = undefined;
      this.#place(sample);
      this.counters.samples += 1;
      return 'accepted';
    }
    if (outcome === 'accepted') this.counters.samples += 1;
    else this.counters[outcome] += 1;
    return outcome;
  }

  #place(sample: S): WindowOutcome {
    const newest = this.newest;
    if (newest === undefined || sample.timeUnixMs > newest.timeUnixMs) {
      if (newest !== undefined) this.#countHole(newest, sample);
      this.#rows.insert(this.#rows.length, sample);
      this.#newest = sample;
      this.#trim();
      return 'accepted';
    }
    if (sample.timeUnixMs < newest.timeUnixMs - this.#bounds.spanMs) return 'late';
    const index = insertionIndex(this.#rows, sample.timeUnixMs);
    if (this.#rows.timeUnixMs(index) === sample.timeUnixMs) return 'duplicate';
    if (index === 0 && this.#rows.length >= this.#bounds.samplesMax) return 'late';
    this.#rows.insert(index, sample);
    this.counters.outOfOrder += 1;
    this.#trim();
    return 'accepted';
  }

  #trim(): void {
    const oldestUnixMs = (this.newest?.timeUnixMs ?? 0) - this.#bounds.spanMs;
    while (
      this.#rows.length > this.#bounds.samplesMax ||
      (this.#rows.length > 0 && this.#rows.timeUnixMs(0) < oldestUnixMs)
    ) {
      this.#rows.dropFirst();
    }
  }

  #countHole(newest: S, next: S): void {
    const hole = this.#holeBetween(newest, next);
    if (hole === 'gap') this.counters.gaps += 1;
    if (hole === 'step') this.counters.clockSteps += 1;
  }

  #holeBetween(newest: S, next: S): 'none' | 'gap' | 'step' {
    const elapsedMs = next.timeUnixMs - newest.timeUnixMs;
    const intervalMs = next.intervalMs ?? newest.intervalMs ?? this.#intervalMs;
    if (hasRunOn(newest, next) && next.sequence === (newest.sequence ?? 0) + 1) {
      return elapsedMs - intervalMs > Math.max(stepMs, intervalMs) ? 'step' : 'none';
    }
    return hasRunOn(newest, next) || elapsedMs > 1.5 * intervalMs ? 'gap' : 'none';
  }

  /** What is held from `timeUnixMs` on lies in the future of the clock as it now runs. */
  #restartAt(timeUnixMs: number): void {
    this.counters.clockSteps += 1;
    this.#rows.truncate(insertionIndex(this.#rows, timeUnixMs));
    this.#newest = this.#rows.length > 0 ? this.#rows.at(this.#rows.length - 1) : undefined;
  }

  #isStepWithoutSequence(nowMs: number): boolean {
    this.#lateStreak ??= { sinceMs: nowMs, samples: 0 };
    this.#lateStreak.samples += 1;
    return (
      this.#lateStreak.samples >= lateStreakSamples &&
      nowMs - this.#lateStreak.sinceMs >= lateStreakMs
    );
  }
}

/** As many late samples, over as long an arrival time, are a clock that was set back. */
const lateStreakSamples = 10;
const lateStreakMs = 1000;

/**
 * A time that runs ahead of consecutive sequences by more than this, and by more than an interval,
 * is a step, milliseconds: a sender may be late by a whole interval of a second, no clock is.
 */
const stepMs = 500;

function hasSteppedBack(newest: TimedSample, next: TimedSample): boolean {
  return hasRunOn(newest, next) && next.timeUnixMs <= newest.timeUnixMs;
}

function hasRunOn(newest: TimedSample, next: TimedSample): boolean {
  if (next.sequence === undefined || newest.sequence === undefined) return false;
  return next.sequence > newest.sequence;
}

/** First index whose time is not before `timeUnixMs`; from the end, where it nearly always is. */
function insertionIndex(
  rows: { readonly length: number; timeUnixMs(index: number): number },
  timeUnixMs: number,
): number {
  let index = rows.length;
  while (index > 0 && rows.timeUnixMs(index - 1) >= timeUnixMs) index -= 1;
  return index;
}
