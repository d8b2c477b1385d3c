import type { ObservedSample, OnsetForecast } from '@levitate/forecast';
import { needBytes, type Sample } from '@levitate/series';
import { EXPERT_FEATURES, ExpertOpinions, expertFeatures } from './expert-opinions.ts';
import { OnsetRecency, RECENCY_FEATURES } from './onset-recency.ts';

/** 10 Hz samples of one second. */
const SUBSAMPLES = 10;
/** A ratio to the baseline from here on is above the burst threshold (SPEC 3.1). */
const BURST_RATIO = 3;
/** Weight of a second in the running levels outside bursts: about 30 s of memory. */
const LEVEL_WEIGHT = 1 / 30;
/** Seconds that a rise is seen against, and those in between that may belong to it. */
const RISE_SECONDS = 5;
const RISE_GAP_SECONDS = 2;
const DAY_MS = 86_400_000;
const TWO_PI = 2 * Math.PI;

/**
 * What one step of one second tells the network (SPEC 3.1), in this order. Rates are logarithms to
 * base 2 of their ratio to the link's own level outside bursts; what was not measured is 0 and its
 * mask is 0. Recency stands for what lies further back than the window: the last five intervals.
 */
export const burstFeatures = [
  ...Array.from({ length: SUBSAMPLES }, (_, i) => ({
    name: `rate_${i}`,
    unit: 'log2 of ratio to level',
  })),
  { name: 'rate_mean', unit: 'log2 of ratio to level' },
  { name: 'rate_peak', unit: 'log2 of ratio to level' },
  { name: 'rate_mask', unit: '0 or 1' },
  { name: 'first_above_threshold', unit: 'index 0-9 / 10, -1 none' },
  { name: 'packet_rate', unit: 'log2 of ratio to level' },
  { name: 'queue', unit: 'log1p of 10 ms of drain' },
  { name: 'queue_mask', unit: '0 or 1' },
  { name: 'latency', unit: 'log1p of ms / 5' },
  { name: 'connection_rate', unit: 'log2 of ratio to level' },
  { name: 'connection_mask', unit: '0 or 1' },
  { name: 'level', unit: 'log10 of packets/s / 1000' },
  { name: 'day_sine', unit: 'time of day, UTC' },
  { name: 'day_cosine', unit: 'time of day, UTC' },
  { name: 'in_burst', unit: '0 or 1' },
  { name: 'since_onset', unit: '30 s, at most 2' },
  { name: 'onsets_known', unit: 'of 6' },
  { name: 'interval_median', unit: '30 s, of the last five' },
  { name: 'interval_spread', unit: 'median deviation / median, at most 1' },
  { name: 'interval_last', unit: '30 s' },
  { name: 'until_next', unit: '10 s, -2..3' },
  { name: 'periodic_probability', unit: 'of the periodic forecaster' },
  { name: 'periodic_announces', unit: '0 or 1' },
  { name: 'periodic_time', unit: '10 s' },
  { name: 'precursor_probability', unit: 'of the precursor forecaster' },
  { name: 'precursor_announces', unit: '0 or 1' },
  { name: 'precursor_time', unit: '10 s' },
  { name: 'rise', unit: 'log2 of mean / mean of 3 to 7 s ago' },
  { name: 'rise_late', unit: 'the same of the last half second' },
  { name: 'rise_sigmas', unit: 'rise in 3 Poisson deviations, -5..5' },
] as const;

/** Numbers of one step. */
export const BURST_FEATURES = burstFeatures.length;

/** One second that is over. */
export interface SecondRow {
  /** End of the second, wall clock, milliseconds; a multiple of 1,000. */
  endUnixMs: number;
  /** `BURST_FEATURES` numbers, all finite. */
  values: Float32Array;
  /** What the statistical forecasters said at its end. */
  experts: readonly OnsetForecast[];
}

/**
 * Turns samples into the network's steps, one for each second of the wall clock. A second without
 * any sample gives no step: whoever reads them carries the state over a short gap.
 */
export class SecondFeatures {
  readonly #recency = new OnsetRecency();
  readonly #experts = new ExpertOpinions();
  /** Means of the last seconds outside bursts, oldest first. */
  #means: number[] = [];
  #second = Number.NaN;
  #samples: Sample[] = [];
  #isInBurst = false;
  #level = Number.NaN;
  #packetLevel = Number.NaN;
  #connectionLevel = Number.NaN;

  /** @returns the seconds that this sample ended: none or one, two after a gap */
  learn(observed: ObservedSample): SecondRow[] {
    const { sample, onset, inBurst } = observed;
    const rows: SecondRow[] = [];
    // A sample that ends on the second belongs to the one before.
    const second = Math.ceil(sample.timeUnixMs / 1000) - 1;
    if (second !== this.#second && this.#samples.length > 0) rows.push(this.#close());
    this.#second = second;
    this.#experts.learn(observed);
    if (onset) this.#recency.learn(onset.timeUnixMs);
    this.#isInBurst ||= inBurst;
    this.#samples.push(sample);
    if (sample.timeUnixMs >= (second + 1) * 1000) rows.push(this.#close());
    return rows;
  }

  #close(): SecondRow {
    const endUnixMs = (this.#second + 1) * 1000;
    const values = new Float32Array(BURST_FEATURES);
    const samples = this.#samples;
    const mean = meanOf(samples, (sample) => sample.throughputBytesPerSecond);
    const packets = meanOf(samples, (sample) => sample.packetsPerSecond);
    const connections = meanOf(samples, (sample) => sample.connectionsPerSecond);
    if (!this.#isInBurst) {
      this.#level = followed(this.#level, mean);
      this.#packetLevel = followed(this.#packetLevel, packets);
      this.#connectionLevel = followed(this.#connectionLevel, connections);
    }
    let at = this.#rates(values, mean);
    values[at++] = ratio(packets, this.#packetLevel);
    at = this.#queue(values, at);
    values[at++] = ratio(connections, this.#connectionLevel);
    values[at++] = connections === undefined ? 0 : 1;
    const level = Number.isNaN(this.#packetLevel) ? this.#level / 1500 : this.#packetLevel;
    values[at++] = bounded(Math.log10(Math.max(1e-3, level / 1000)), 3);
    const angle = (TWO_PI * (endUnixMs % DAY_MS)) / DAY_MS;
    values[at++] = Math.sin(angle);
    values[at++] = Math.cos(angle);
    values[at++] = this.#isInBurst ? 1 : 0;
    values.set(this.#recency.features(endUnixMs), at);
    const experts = this.#experts.said();
    values.set(expertFeatures(experts), at + RECENCY_FEATURES);
    values.set(this.#rise(mean, packets), at + RECENCY_FEATURES + EXPERT_FEATURES);
    this.#samples = [];
    this.#isInBurst = false;
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = 0;
    return { endUnixMs, values, experts };
  }

  /** The rates of the second; a source of one sample a second has no rates within it. */
  #rates(values: Float32Array, mean: number | undefined): number {
    const samples = this.#samples;
    const isFine = samples.length > SUBSAMPLES / 2;
    let peak = mean;
    let first = -1;
    for (const sample of samples) {
      const rate = sample.throughputBytesPerSecond;
      const highest = Math.max(rate ?? 0, sample.throughputPeakBytesPerSecond ?? 0);
      peak = Math.max(peak ?? 0, highest);
      const intervalMs = sample.intervalMs ?? 100;
      const place = Math.floor((sample.timeUnixMs - intervalMs - this.#second * 1000) / 100);
      const slot = Math.max(0, Math.min(SUBSAMPLES - 1, place));
      if (isFine) values[slot] = ratio(rate, this.#level);
      if (first < 0 && highest >= BURST_RATIO * this.#level) first = slot;
    }
    values[SUBSAMPLES] = ratio(mean, this.#level);
    values[SUBSAMPLES + 1] = ratio(peak, this.#level);
    values[SUBSAMPLES + 2] = isFine ? 1 : 0;
    values[SUBSAMPLES + 3] = first < 0 ? -1 : first / SUBSAMPLES;
    return SUBSAMPLES + 4;
  }

  /** The second against those of 3 to 7 s ago: a ramp that has begun, before a median moves. */
  #rise(mean: number | undefined, packets: number | undefined): [number, number, number] {
    const before = this.#means.slice(0, RISE_SECONDS);
    if (this.#isInBurst || mean === undefined) this.#means = [];
    else this.#means.push(mean);
    if (this.#means.length > RISE_SECONDS + RISE_GAP_SECONDS) this.#means.shift();
    if (this.#means.length <= RISE_GAP_SECONDS + 1 || before.length === 0) return [0, 0, 0];
    const reference = before.reduce((sum, value) => sum + value, 0) / before.length;
    const late = meanOf(this.#samples.slice(-SUBSAMPLES / 2), (s) => s.throughputBytesPerSecond);
    const rise = ratio(mean, reference);
    const deviation = Math.sqrt((1 + 1 / before.length) / Math.max(1, packets ?? 1));
    const sigmas = (rise * Math.LN2) / (3 * deviation);
    return [rise, ratio(late, reference), Math.max(-5, Math.min(5, sigmas))];
  }

  #queue(values: Float32Array, from: number): number {
    const needs = this.#samples.flatMap((sample) => needBytes(sample) ?? []);
    const drain = this.#samples.at(-1)?.drainBytesPerSecond;
    const isKnown = needs.length > 0 && drain !== undefined && drain > 0;
    values[from] = isKnown ? Math.log1p(Math.max(0, ...needs) / (drain * 0.01)) : 0;
    values[from + 1] = isKnown ? 1 : 0;
    const latencies = this.#samples.flatMap((sample) => sample.latencyP95Seconds ?? []);
    values[from + 2] = Math.log1p(1000 * Math.max(0, ...latencies)) / 5;
    return from + 3;
  }
}

function meanOf(
  samples: readonly Sample[],
  pick: (sample: Sample) => number | undefined,
): number | undefined {
  const known = samples.map(pick).filter((value) => value !== undefined && value >= 0);
  if (known.length === 0) return undefined;
  return known.reduce<number>((sum, value) => sum + (value ?? 0), 0) / known.length;
}

/** A running level: the first value, then a mean that forgets. */
function followed(level: number, value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return level;
  return Number.isNaN(level) ? value : level + LEVEL_WEIGHT * (value - level);
}

/** Logarithm of value / level, -4..6; 0 where either is unknown. */
function ratio(value: number | undefined, level: number): number {
  if (value === undefined || !(level > 0)) return 0;
  return Math.min(6, Math.max(-4, Math.log2(Math.max(1e-9, value / level))));
}

function bounded(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}
