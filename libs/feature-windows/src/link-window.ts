import type { Sample } from '@levitate/series';

/** How long and how dense a window is. */
export interface WindowBounds {
  /** Time from the oldest to the newest sample, milliseconds. Default 60,000. */
  spanMs: number;
  /** Most samples it holds, whatever their times. Default 600: 60 s at 10 Hz. */
  samplesMax: number;
}

/** 60 s at 10 Hz (SPEC 2). */
export const defaultWindowBounds: WindowBounds = { spanMs: 60_000, samplesMax: 600 };

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
 * The window of one link: the newest samples ordered by time, one per time. A pure state machine:
 * `nowMs` is handed in.
 *
 * A sample behind the newest one is out of order, late, or the first after the source's clock was
 * set back, and only the sequence tells them apart at once: a higher sequence with an earlier time
 * is a step. Without sequences a second of nothing but late samples is taken for a step, since a
 * source whose clock is wrong must not be blind until the clock comes round again. (Tried and
 * dropped: ten late samples whatever their arrival; a client that catches up on old samples in one
 * batch then throws the live window away.)
 */
export class LinkWindow {
  readonly counters: WindowCounters = {
    samples: 0,
    duplicate: 0,
    late: 0,
    outOfOrder: 0,
    gaps: 0,
    clockSteps: 0,
  };
  readonly #bounds: WindowBounds;
  #samples: Sample[] = [];
  #lateStreak: { sinceMs: number; samples: number } | undefined;

  constructor(bounds: WindowBounds = defaultWindowBounds) {
    this.#bounds = bounds;
  }

  get newest(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** Oldest first; a copy. */
  read(): Sample[] {
    return this.#samples.slice();
  }

  /**
   * @param sample of this link; its time is finite (the edge has checked).
   * @param nowMs monotonic, milliseconds; its arrival.
   */
  append(sample: Sample, nowMs: number): WindowOutcome {
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

  #place(sample: Sample): WindowOutcome {
    const newest = this.newest;
    if (newest === undefined || sample.timeUnixMs > newest.timeUnixMs) {
      if (newest !== undefined) this.#countHole(newest, sample);
      this.#samples.push(sample);
      this.#trim();
      return 'accepted';
    }
    if (sample.timeUnixMs < newest.timeUnixMs - this.#bounds.spanMs) return 'late';
    const index = insertionIndex(this.#samples, sample.timeUnixMs);
    if (this.#samples[index]?.timeUnixMs === sample.timeUnixMs) return 'duplicate';
    if (index === 0 && this.#samples.length >= this.#bounds.samplesMax) return 'late';
    this.#samples.splice(index, 0, sample);
    this.counters.outOfOrder += 1;
    this.#trim();
    return 'accepted';
  }

  #trim(): void {
    const oldestUnixMs = (this.newest?.timeUnixMs ?? 0) - this.#bounds.spanMs;
    while (
      this.#samples.length > this.#bounds.samplesMax ||
      (this.#samples[0]?.timeUnixMs ?? oldestUnixMs) < oldestUnixMs
    ) {
      this.#samples.shift();
    }
  }

  #countHole(newest: Sample, next: Sample): void {
    const hole = holeBetween(newest, next);
    if (hole === 'gap') this.counters.gaps += 1;
    if (hole === 'step') this.counters.clockSteps += 1;
  }

  /** What is held from `timeUnixMs` on lies in the future of the clock as it now runs. */
  #restartAt(timeUnixMs: number): void {
    this.counters.clockSteps += 1;
    this.#samples = this.#samples.filter((held) => held.timeUnixMs < timeUnixMs);
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

/** A time that runs ahead of consecutive sequences by more than this is a step, milliseconds. */
const stepMs = 500;

/** Assumed where neither sample says. */
const intervalMsDefault = 100;

function hasSteppedBack(newest: Sample, next: Sample): boolean {
  if (next.sequence === undefined || newest.sequence === undefined) return false;
  return next.sequence > newest.sequence && next.timeUnixMs <= newest.timeUnixMs;
}

function holeBetween(newest: Sample, next: Sample): 'none' | 'gap' | 'step' {
  const elapsedMs = next.timeUnixMs - newest.timeUnixMs;
  const intervalMs = next.intervalMs ?? newest.intervalMs ?? intervalMsDefault;
  const isRun =
    next.sequence !== undefined && newest.sequence !== undefined && next.sequence > newest.sequence;
  if (isRun && next.sequence === (newest.sequence ?? 0) + 1) {
    return elapsedMs - intervalMs > stepMs ? 'step' : 'none';
  }
  return isRun || elapsedMs > 1.5 * intervalMs ? 'gap' : 'none';
}

/** First index whose time is not before `timeUnixMs`; from the end, where it nearly always is. */
function insertionIndex(samples: readonly Sample[], timeUnixMs: number): number {
  let index = samples.length;
  while (index > 0 && (samples[index - 1]?.timeUnixMs ?? 0) >= timeUnixMs) index -= 1;
  return index;
}
