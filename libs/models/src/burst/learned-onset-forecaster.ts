import type { ObservedSample, OnsetForecast, OnsetForecaster } from '@levitate/forecast';
import type { Network, NetworkState } from '@levitate/neural';
import { type BurstOutlook, HEAD_OUTPUTS, readBurstHead } from './burst-head.ts';
import { bestClaimWindow, type ClaimWindow, sharpened } from './claim-window.ts';
import { sigmoid } from './logistic-regression.ts';
import { SecondFeatures, type SecondRow } from './second-features.ts';

/** After a hole of so long what was carried belongs to another time. */
const GAP_MS_MAX = 60_000;
/** Steps from a cold start whose answers no training asked for; nothing is said before. */
const SETTLING_STEPS = 8;

/** How a burst network is believed; from its manifest. */
export interface LearnedOnsetSettings {
  /** Platt's map on the log odds of "starts within the horizon": slope and intercept. */
  slope: number;
  intercept: number;
  /** A burst is announced where a window of two seconds holds the onset so surely. */
  announceFrom: number;
}

/** What the network last said, calibrated. */
export interface LearnedOutlook extends BurstOutlook {
  /** End of the second that it knows, wall clock, milliseconds. */
  atUnixMs: number;
}

/**
 * A burst network as one more onset forecaster, so that it takes part in the choice on each link.
 * One step a second; the state is carried from step to step, from the first sample on.
 */
export class LearnedOnsetForecaster implements OnsetForecaster {
  readonly name: string;
  readonly isCalibrated = true;
  readonly #network: Network;
  readonly #settings: LearnedOnsetSettings;
  #features = new SecondFeatures();
  #state: NetworkState;
  #outlook: LearnedOutlook | undefined;
  /** Where the outlook puts the onset. */
  #window: ClaimWindow = { timeS: 0, probability: 0, sdS: 0 };
  /** The onset that was announced first, until its time is over. */
  #claimedUnixMs: number | undefined;
  #nowUnixMs = 0;
  #isInBurst = false;
  /** Outlooks up to here spoke of the burst that came; they say nothing about the next one. */
  #spentUnixMs = Number.NEGATIVE_INFINITY;
  /** Steps since the state was last empty. */
  #steps = 0;

  /** @param options.network of LSTM and dense layers, `burstFeatures` in, `HEAD_OUTPUTS` out */
  constructor(options: { network: Network; settings: LearnedOnsetSettings; name?: string }) {
    this.#network = options.network;
    this.#settings = options.settings;
    this.name = options.name ?? 'learned';
    this.#state = options.network.openState(1);
  }

  /** The newest outlook; `undefined` before the first second is over. */
  get outlook(): Readonly<LearnedOutlook> | undefined {
    return this.#outlook;
  }

  learn(observed: ObservedSample): void {
    this.#nowUnixMs = observed.sample.timeUnixMs;
    this.#isInBurst = observed.inBurst;
    for (const row of this.#features.learn(observed)) this.#step(row);
    if (observed.onset) this.#spentUnixMs = observed.sample.timeUnixMs;
  }

  forecast(horizonS: number): OnsetForecast {
    const outlook = this.#outlook;
    if (outlook === undefined || this.#steps <= SETTLING_STEPS) return { abstained: 'no-data' };
    if (outlook.atUnixMs < this.#spentUnixMs) return { abstained: 'in-burst' };
    const { timeS, sdS, probability } = this.#window;
    const sinceS = (this.#nowUnixMs - outlook.atUnixMs) / 1000;
    const aheadS = timeS - sinceS;
    const isSure = probability >= this.#settings.announceFrom;
    if (isSure && outlook.probability >= 0.5 && aheadS > -1 && aheadS <= horizonS) {
      return { timeS: aheadS, sdS, probability: outlook.probability };
    }
    const reason = this.#isInBurst ? 'in-burst' : 'untrusted';
    return { abstained: reason, probability: outlook.probability };
  }

  #step({ endUnixMs, values, experts }: SecondRow): void {
    const before = this.#outlook?.atUnixMs ?? endUnixMs;
    if (endUnixMs - before > GAP_MS_MAX || endUnixMs < before) {
      this.#state = this.#network.openState(1);
      this.#steps = 0;
    }
    this.#steps += 1;
    const output = this.#network.step(values, this.#state);
    if (output.length !== HEAD_OUTPUTS || !output.every(Number.isFinite)) {
      throw new TypeError(`network of ${this.name}: no ${HEAD_OUTPUTS} finite outputs`);
    }
    const outlook = calibrated(readBurstHead(output), this.#settings);
    this.#outlook = { ...outlook, atUnixMs: endUnixMs };
    this.#place(outlook.masses, { endUnixMs, experts });
  }

  /** Where a claim is most likely to come true, and which claim that is. */
  #place(masses: readonly number[], { endUnixMs, experts }: Omit<SecondRow, 'values'>): void {
    const claimedUnixMs = this.#claimedUnixMs ?? Number.NEGATIVE_INFINITY;
    const aheadS = (claimedUnixMs - endUnixMs) / 1000;
    const standingS = aheadS > -1 ? aheadS : undefined;
    this.#window = sharpened(bestClaimWindow(masses), { masses, experts, standingS });
    const isSure = this.#window.probability >= this.#settings.announceFrom;
    const belongs = standingS !== undefined && Math.abs(this.#window.timeS - standingS) <= 1;
    if (isSure && !belongs) this.#claimedUnixMs = endUnixMs + this.#window.timeS * 1000;
  }
}

/** The outlook with its probability through Platt's map, its masses in proportion. */
export function calibrated(
  outlook: BurstOutlook,
  { slope, intercept }: Pick<LearnedOnsetSettings, 'slope' | 'intercept'>,
): BurstOutlook {
  const raw = Math.min(1 - 1e-6, Math.max(1e-6, outlook.probability));
  const probability = sigmoid(slope * Math.log(raw / (1 - raw)) + intercept);
  const masses = outlook.masses.map((mass) => (mass * probability) / raw);
  return { ...outlook, probability, masses };
}
