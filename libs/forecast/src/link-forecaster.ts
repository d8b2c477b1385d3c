import { type Sample, SampleThread } from '@levitate/series';
import { OnsetDetector } from '@levitate/traffic';
import type { AbstainReason, BurstForecast, Quantiles } from './burst-forecast.ts';
import { BurstHistory } from './burst-history.ts';
import type { ClaimScore } from './claim-scorer.ts';
import { type Believed, Contender } from './contender.ts';
import { LinkLevel } from './link-level.ts';
import type { OnsetForecaster } from './onset-forecast.ts';
import { PeriodicForecaster } from './periodic.ts';
import { PrecursorForecaster } from './precursor.ts';

/**
 * Claims are opened by one forecast a second (SPEC 3.1). A forecast is dated by its newest sample:
 * those of a timer of a second may be 0.9 s apart.
 */
const CLAIM_INTERVAL_MS = 800;
/** A burst is announced from this probability on; control asks for more. */
const ANNOUNCE_PROBABILITY = 0.5;
/**
 * Samples longer than this cannot time a burst, nor show most: a Prometheus scraped every 15 s has
 * control react alone (SPEC 2).
 */
const INTERVAL_MS_MAX = 2000;
const NONE: Quantiles = { q50: 0, q90: 0, q99: 0 };

/** @see LinkForecaster */
export interface LinkForecasterOptions {
  link: string;
  /** How far ahead bursts are looked for, seconds. Default 10. */
  horizonS?: number;
  /**
   * Makes the onset forecasters that take part, each knowing nothing yet; asked again after a clock
   * step. Default: `statisticalForecasters`.
   */
  newForecasters?: () => readonly OnsetForecaster[];
}

/** How one forecaster does on one link. */
export interface ForecasterRecord {
  forecaster: string;
  /** Since the link is followed. */
  score: ClaimScore;
  /** Of its newest onsets: what decides who speaks. */
  recent: ClaimScore;
  /** Share of good outcomes in `recent`, 0..1; one without a record is taken to be at a half. */
  record: number;
  /** It says itself how sure it is: a learned one that this link's samples suit. */
  isCalibrated: boolean;
}

/**
 * All that is forecast of one link: several onset forecasters, each scored in shadow from the
 * first burst on, the one most to be believed speaking; burst sizes; and the level outside bursts.
 */
export class LinkForecaster {
  readonly link: string;
  readonly #horizonS: number;
  readonly #thread = new SampleThread();
  #detector = new OnsetDetector();
  #level = new LinkLevel();
  #history = new BurstHistory();
  readonly #newForecasters: () => readonly OnsetForecaster[];
  #contenders: readonly Contender[];
  #newest: Sample | undefined;
  #isInBurst = false;
  #claimedMs = Number.NEGATIVE_INFINITY;
  #serving: Contender | undefined;

  constructor(options: LinkForecasterOptions) {
    this.link = options.link;
    this.#horizonS = options.horizonS ?? 10;
    this.#newForecasters = options.newForecasters ?? statisticalForecasters;
    this.#contenders = contendersOf(this.#newForecasters());
  }

  /** Name of the forecaster that spoke last; `none` before any did. */
  get serving(): string {
    return this.#serving?.name ?? 'none';
  }

  /** Running score of every forecaster on this link. */
  scores(): ForecasterRecord[] {
    return this.#contenders.map((contender) => ({
      forecaster: contender.name,
      score: contender.score(),
      recent: contender.recentScore(),
      record: contender.record(),
      isCalibrated: contender.isCalibrated,
    }));
  }

  /** Learn one more sample. Duplicates and late ones are ignored; a clock step starts afresh. */
  learn(sample: Sample): void {
    const place = this.#thread.place(sample);
    if (place === 'stale') return;
    if (place === 'restart') this.#forget();
    this.#newest = sample;
    const { onset, ended, inBurst } = this.#detector.observe(sample);
    this.#isInBurst = inBurst;
    for (const contender of this.#contenders) {
      contender.learn({ sample, onset, ended, inBurst });
    }
    if (ended) this.#history.add(ended);
    this.#level.learn(sample, inBurst);
  }

  /** What the next `horizonS` seconds bring, as known from the newest sample. */
  forecast(): BurstForecast {
    const madeUnixMs = this.#newest?.timeUnixMs ?? 0;
    if (!this.#newest) return this.#abstain({ madeUnixMs, reason: 'no-data', probability: 0 });
    if ((this.#newest.intervalMs ?? 0) > INTERVAL_MS_MAX) {
      const abstention = this.#abstain({ madeUnixMs, reason: 'coarse-samples', probability: 0 });
      return { ...abstention, levelBytesPerSecond: [] };
    }
    const mayClaim = madeUnixMs - this.#claimedMs >= CLAIM_INTERVAL_MS;
    if (mayClaim) this.#claimedMs = madeUnixMs;
    const speakers = this.#contenders.map((contender): Speaker => {
      const said = contender.forecast({ horizonS: this.#horizonS, madeUnixMs, mayClaim });
      return { ...said, contender };
    });
    const best = chooseSpeaker(speakers);
    if (!best) return this.#abstain({ madeUnixMs, reason: 'no-data', probability: 0 });
    this.#serving = best.contender;
    const { onset, confidence } = best;
    if (onset.abstained !== undefined) {
      const reason = this.#isInBurst ? 'in-burst' : onset.abstained;
      return this.#abstain({ madeUnixMs, reason, probability: confidence });
    }
    if (confidence < ANNOUNCE_PROBABILITY) {
      return this.#abstain({ madeUnixMs, reason: 'untrusted', probability: confidence });
    }
    return { ...this.#sizes(madeUnixMs), ...announced({ onset, confidence }) };
  }

  /** Times before a clock step or a long gap cannot be compared with those after it. */
  #forget(): void {
    this.#detector = new OnsetDetector();
    this.#level = new LinkLevel();
    this.#contenders = contendersOf(this.#newForecasters());
    this.#serving = undefined;
    this.#claimedMs = Number.NEGATIVE_INFINITY;
  }

  #abstain(input: {
    madeUnixMs: number;
    reason: AbstainReason;
    probability: number;
  }): BurstForecast {
    return {
      ...this.#sizes(input.madeUnixMs),
      burstPredicted: false,
      confidence: input.probability,
      timeToBurstS: this.#horizonS,
      timeSdS: 0,
      abstained: [input.reason],
    };
  }

  #sizes(madeUnixMs: number) {
    const peakBytesPerSecond = this.#history.quantiles((b) => b.peakBytesPerSecond) ?? NONE;
    const levels = this.#level.forecast(this.#horizonS);
    const current = Math.max(1, levels[0]?.q50 ?? 0);
    return {
      link: this.link,
      madeUnixMs,
      horizonS: this.#horizonS,
      magnitude: Math.max(1, peakBytesPerSecond.q50 / current),
      durationS: this.#history.quantiles((burst) => burst.durationS) ?? NONE,
      peakBytesPerSecond,
      volumeBytes: this.#history.quantiles((burst) => burst.volumeBytes) ?? NONE,
      needBytes: this.#history.quantiles((burst) => burst.needBytes) ?? NONE,
      levelBytesPerSecond: levels,
      model: `${this.serving}@1`,
    };
  }
}

/** The forecasters that need no training: regular intervals, and what the rate does before. */
export function statisticalForecasters(): OnsetForecaster[] {
  return [new PeriodicForecaster(), new PrecursorForecaster()];
}

function contendersOf(forecasters: readonly OnsetForecaster[]): Contender[] {
  return forecasters.map((each) => new Contender(each));
}

type Speaker = Believed & { contender: Contender };

/**
 * Who speaks. Statistical forecasters say little that is wrong, so any of them may announce. Where
 * one whose probability is calibrated takes part, only the one with the best record on this link
 * may: two good forecasters with claims a second apart make a false alarm of every burst.
 */
function chooseSpeaker(speakers: readonly Speaker[]): Speaker | undefined {
  const calibrated = speakers.find(({ contender }) => contender.isCalibrated);
  let best: Speaker | undefined;
  let record = Number.NEGATIVE_INFINITY;
  for (const speaker of speakers) {
    const own = calibrated ? speaker.contender.record() : 0;
    if (own < record || (own === record && !isBetter(speaker, best))) continue;
    best = speaker;
    record = own;
  }
  const isSilent = best?.onset.abstained !== undefined;
  return isSilent && calibrated ? silenced(calibrated) : best;
}

/** What the calibrated one says of the probability, while another has the better record. */
function silenced(speaker: Speaker): Speaker {
  const { probability = 0, abstained } = speaker.onset;
  return { ...speaker, onset: { abstained: abstained ?? 'untrusted', probability } };
}

/** One that announces beats one that abstains; then the more believable. */
function isBetter(one: Speaker, other: Speaker | undefined): boolean {
  if (!other) return true;
  const announces = one.onset.abstained === undefined;
  if (announces !== (other.onset.abstained === undefined)) return announces;
  return one.confidence > other.confidence;
}

function announced(input: Believed) {
  const { onset, confidence } = input;
  const isAbstained = onset.abstained !== undefined;
  return {
    burstPredicted: !isAbstained,
    confidence,
    timeToBurstS: isAbstained ? 0 : onset.timeS,
    timeSdS: isAbstained ? 0 : onset.sdS,
    abstained: [],
  };
}
