import { NoiseFloor, needBytes, type Sample, SortedWindow } from '@levitate/series';

/**
 * How a sample stands against the traffic outside bursts: `burst` starts one, `elevated` goes on
 * with one, `quiet` is neither.
 */
export type Standing = 'quiet' | 'elevated' | 'burst';

/** Rate over baseline that starts a burst, and that keeps it going (SPEC 3.1). */
const ONSET_RATIO = 3;
const ELEVATED_RATIO = 2;
/** Below this a link is idle, and any ratio to it says nothing: 10 packets of 1,500 B a second. */
export const IDLE_BYTES_PER_SECOND = 15_000;
/** The part of a sample whose rate `throughputPeakBytesPerSecond` is, seconds. */
const PEAK_PART_S = 0.01;
/** Poisson standard deviations that the highest of ten parts must stand above the ratio. */
const PEAK_POISSON_SD = 3.5;
/** Robust standard deviations above the usual highest part, for traffic burstier than Poisson. */
const PEAK_NOISE_SD = 6;
const NEED_NOISE_SD = 8;
/** The queue shows a burst when it needs so long to drain, or (drain unknown) so many bytes. */
const NEED_DRAIN_S = 0.015;
const NEED_BYTES_MIN = 65_536;
/** A queue that grows while no more than this arrives grows because the drain fell. */
const NEED_ONSET_RATIO = 1.3;
const DEFAULT_PACKET_BYTES = 1500;

/** The traffic of one link outside bursts: its median rate, its usual peaks, its usual queue. */
export class QuietTraffic {
  readonly #rates: SortedWindow;
  readonly #peaks: NoiseFloor;
  readonly #needs: NoiseFloor;
  readonly #warmup: number;

  /** @param options samples remembered, and seen before anything is judged */
  constructor({ capacity, warmup }: { capacity: number; warmup: number }) {
    this.#rates = new SortedWindow(capacity);
    this.#peaks = new NoiseFloor({ capacity, k: PEAK_NOISE_SD });
    this.#needs = new NoiseFloor({ capacity, k: NEED_NOISE_SD });
    this.#warmup = Math.min(warmup, capacity);
  }

  /** Median rate outside bursts, bytes/s; `undefined` until enough samples were learnt. */
  baseline(): number | undefined {
    if (this.#rates.count < this.#warmup) return undefined;
    return Math.max(IDLE_BYTES_PER_SECOND, this.#rates.median() ?? 0);
  }

  /** Learn a sample from outside bursts. */
  learn(sample: Sample): void {
    const need = needBytes(sample);
    pushFinite(this.#rates, sample.throughputBytesPerSecond);
    pushFinite(this.#peaks, sample.throughputPeakBytesPerSecond);
    pushFinite(this.#needs, need);
  }

  /** Start over: the level is another one. */
  forget(): void {
    this.#rates.clear();
    this.#peaks.clear();
    this.#needs.clear();
  }

  judge(sample: Sample): Standing {
    const baseline = this.baseline();
    if (baseline === undefined) return 'quiet';
    if (this.#exceeds(sample, { baseline, ratio: ONSET_RATIO })) return 'burst';
    if (this.#needsRoom(sample, baseline)) return 'burst';
    return this.#exceeds(sample, { baseline, ratio: ELEVATED_RATIO }) ? 'elevated' : 'quiet';
  }

  /** The mean, or the highest part beyond what chance makes of such a rate. */
  #exceeds(sample: Sample, { baseline, ratio }: { baseline: number; ratio: number }): boolean {
    const threshold = ratio * baseline;
    if ((sample.throughputBytesPerSecond ?? 0) >= threshold) return true;
    const peak = sample.throughputPeakBytesPerSecond;
    if (peak === undefined) return false;
    const poissonSd = Math.sqrt((threshold * packetBytesOf(sample)) / PEAK_PART_S);
    // The usual peak costs more to tell than the rest together, and is seldom asked for.
    if (peak < threshold + PEAK_POISSON_SD * poissonSd) return false;
    return peak >= (this.#peaks.level() ?? 0);
  }

  /** The queue asked for room far beyond its usual, and more arrived than usual. */
  #needsRoom(sample: Sample, baseline: number): boolean {
    const need = needBytes(sample);
    if (need === undefined) return false;
    const drain = sample.drainBytesPerSecond;
    const least = drain === undefined ? NEED_BYTES_MIN : drain * NEED_DRAIN_S;
    if (need < least || need < (this.#needs.level() ?? 0)) return false;
    const rate = sample.throughputBytesPerSecond;
    const peak = sample.throughputPeakBytesPerSecond;
    if (rate === undefined && peak === undefined) return true;
    return (
      (rate ?? 0) >= NEED_ONSET_RATIO * baseline || (peak ?? 0) >= 2 * NEED_ONSET_RATIO * baseline
    );
  }
}

function packetBytesOf(sample: Sample): number {
  const { throughputBytesPerSecond: bytes, packetsPerSecond: packets } = sample;
  return bytes && packets ? bytes / packets : DEFAULT_PACKET_BYTES;
}

function pushFinite(window: { push(value: number): void }, value: number | undefined): void {
  if (value !== undefined && Number.isFinite(value)) window.push(value);
}
