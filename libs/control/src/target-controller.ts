import type { BurstForecast } from '@levitate/forecast';
import { needBytes, type Sample, SampleThread } from '@levitate/series';
import { OnsetDetector } from '@levitate/traffic';
import { BurstReserve, type ReserveReason } from './burst-reserve.ts';
import { ForecastGate, type ForecastUnused } from './forecast-gate.ts';
import {
  type Gains,
  type Law,
  type LawOutput,
  type LawReason,
  preExpansionGains,
} from './laws/law.ts';
import type { LawName } from './laws/open-law.ts';
import { openRule, rulingModel } from './laws/open-rule.ts';
import { Envelope, type EnvelopeReason, type Urgency } from './safety/envelope.ts';
import { levelRoom, type ResourceKind } from './setpoint.ts';

/** A need beyond this is no measurement: a petabyte, or a petabyte per second. */
const NEED_MAX = 1e15;

/** One thing to be sized and how. Sizes are bytes for a queue, bytes/s for a capacity. */
export interface TargetSettings {
  kind: ResourceKind;
  /** Whether forecasts are used at all. */
  predictive: boolean;
  min: number;
  max: number;
  /** A queue's limit stays below what drains within this, ms. Unused for a capacity. */
  latencyBudgetMs: number;
  maxChangesPerMinute: number;
  /** From asking for a size until it is usable, ms. */
  actuationDelayMs: number;
  periodMs: number;
  /** How long the reactive law holds a peak, ms. */
  holdMs: number;
  /** Utilisation the reactive law holds, 0..1. */
  setpoint: number;
  /** The law without forecasts; `auto`: the one that did best of late. Default optomechanical. */
  model?: LawName | 'auto' | undefined;
  /** Whether setpoint and hold are tuned by replay of the recent past; default false. */
  autoTune?: boolean | undefined;
}

/** What a tick is told. */
export interface TickInput {
  /** Monotonic time, ms. */
  nowMs: number;
  /** The newest sample if it is new, `undefined` when none came since the last tick. */
  sample: Sample | undefined;
  /** The newest forecast there is, however old. */
  forecast: BurstForecast | undefined;
  /** Size in force: what the traffic of this interval met. */
  size: number;
  /** Size asked for last where a change takes time; default `size`. */
  requested?: number | undefined;
}

/** Why a decision is as it is; closed set. */
export type DecisionReason = LawReason | EnvelopeReason | ReserveReason | 'level-forecast';

/** What a tick decided, and what it rested on. */
export interface TargetDecision {
  law: 'reactive' | 'predictive';
  /** What was wished, and what the envelope allows; equal to the size in force: no change. */
  wished: number;
  allowed: number;
  /** Most important first. */
  reasons: DecisionReason[];
  utilisation: number | undefined;
  gains: Readonly<Gains>;
  /** Dimensionless force of the law, where it knows one. */
  force: number;
  /** Why forecasts were not used; `undefined` when they were, or when none are wanted. */
  forecastUnused: ForecastUnused | undefined;
  /** The burst under way was announced by a trusted forecast. */
  announced: boolean;
}

/**
 * Control of one target: the reactive law always, a reserve on top of it while a trusted forecast
 * announces a burst, the safety envelope around both (SPEC 4.1, 4.2, 4.4). Without a usable
 * forecast every decision is the reactive law's, to the byte.
 */
export class TargetController {
  readonly #settings: TargetSettings;
  readonly #law: Law;
  readonly #envelope: Envelope;
  readonly #thread = new SampleThread();
  #detector = new OnsetDetector();
  readonly #gate: ForecastGate;
  readonly #reserve: BurstReserve;
  /** Size the law would have by itself, kept while the reserve decides. */
  #lawSize: number | undefined;
  #sampleUnixMs = Number.NaN;
  #sampleSeenMs = 0;

  constructor(settings: TargetSettings) {
    this.#settings = settings;
    this.#law = openRule(settings);
    this.#envelope = new Envelope(settings);
    this.#gate = new ForecastGate({ kind: settings.kind });
    this.#reserve = new BurstReserve(settings);
  }

  /** The law that serves: the configured one, or the one that was chosen. */
  get model(): string {
    return rulingModel(this.#law);
  }

  /** One tick; call it every period, with or without a new sample. */
  step(tick: TickInput): TargetDecision {
    const input = { ...tick, sample: this.#accept(tick.sample) };
    const { sample, forecast } = input;
    const isForecastUsed = this.#settings.predictive;
    if (sample) {
      this.#sampleUnixMs = sample.timeUnixMs;
      this.#sampleSeenMs = input.nowMs;
    }
    const nowUnixMs = this.#sampleUnixMs + (input.nowMs - this.#sampleSeenMs);
    const unused = isForecastUsed ? this.#gate.judge({ forecast, nowUnixMs }) : undefined;
    // Only forecasts ask for onsets; a reactive target need not look for them.
    const seen = sample && isForecastUsed ? this.#detector.observe(sample) : undefined;
    if (isForecastUsed) {
      const hit = seen?.onset ? this.#gate.onset(seen.onset.timeUnixMs) : false;
      this.#reserve.step({
        nowUnixMs,
        forecast: heard(forecast, unused),
        drainBytesPerSecond: sample?.drainBytesPerSecond,
        onset: seen?.onset,
        // Judged again: it may be this very onset that earned the trust.
        isAnnounced: hit && this.#gate.judge({ forecast, nowUnixMs }) === undefined,
        isOver: seen !== undefined && !seen.inBurst && isDrained(sample, this.#lawSize),
        need: sample && this.#need(sample),
      });
    }
    if (this.#reserve.isBurst && seen?.onset) {
      // The burst may have begun in the sample before the one that showed it.
      this.#law.forget?.({
        fromMs: input.nowMs - 2.5 * this.#settings.periodMs,
        toMs: input.nowMs,
      });
    }
    return this.#decide({ input, unused });
  }

  /** Stale samples count as none; after a clock step or a long gap trust is earned afresh. */
  #accept(sample: Sample | undefined): Sample | undefined {
    const place = sample && this.#thread.place(sample);
    if (place === 'stale') return undefined;
    if (place === 'restart') {
      this.#detector = new OnsetDetector();
      this.#gate.forget();
    }
    return sample;
  }

  #decide(at: { input: TickInput; unused: ForecastUnused | undefined }): TargetDecision {
    const { input, unused } = at;
    const law = this.#stepLaw(input);
    const room = this.#room({ input, unused });
    const isReserved = room.size > law.wish;
    const wished = isReserved ? room.size : law.wish;
    const current = input.requested ?? input.size;
    const { allowed, reasons } = this.#envelope.admit({
      nowMs: input.nowMs,
      current,
      wish: wished,
      urgency: this.#urgency({ input, isReserved }),
      episode: this.#reserve.episode,
      drainBytesPerSecond: input.sample?.drainBytesPerSecond,
    });
    return {
      law: isReserved ? 'predictive' : 'reactive',
      wished,
      allowed,
      reasons: [...(isReserved ? room.reasons : law.reasons), ...reasons],
      utilisation: law.utilisation,
      force: law.force ?? 0,
      gains: this.#reserve.isOpen ? preExpansionGains : law.gains,
      forecastUnused: unused,
      announced: this.#reserve.isBurst,
    };
  }

  /** While the reserve decides, the law goes on over the size it would have by itself. */
  #stepLaw(input: TickInput): LawOutput {
    const current = input.requested ?? input.size;
    const isApart = this.#reserve.isOpen || this.#lawSize !== undefined;
    const size = isApart ? (this.#lawSize ?? current) : input.size;
    const law = this.#law.step({
      nowMs: input.nowMs,
      intervalMs: input.sample?.intervalMs ?? this.#settings.periodMs,
      size,
      requested: isApart ? size : input.requested,
      need: input.sample && this.#need(input.sample),
      dropped: this.#settings.kind === 'queue' ? input.sample?.droppedBytes : undefined,
      delayS: input.sample?.latencyP95Seconds,
      announced: this.#reserve.isBurst,
    });
    this.#lawSize = isApart ? this.#envelope.clamp(law.wish) : undefined;
    const hasReturned = this.#lawSize !== undefined && current <= this.#lawSize;
    if (!this.#reserve.isOpen && hasReturned) this.#lawSize = undefined;
    return law;
  }

  #room(at: { input: TickInput; unused: ForecastUnused | undefined }): {
    size: number;
    reasons: DecisionReason[];
  } {
    const { input, unused } = at;
    const burst = this.#reserve.isOpen ? this.#reserve.size : 0;
    const isSlow = this.#settings.kind === 'capacity' && this.#settings.predictive;
    // Between bursts a forecast abstains from bursts, not from the level.
    const isSpeaking = unused === undefined || isSilent(unused);
    const levels = isSlow && isSpeaking ? (input.forecast?.levelBytesPerSecond ?? []) : [];
    const level = levelRoom(levels, this.#settings.actuationDelayMs / 1000);
    if (burst >= level) return { size: burst, reasons: [this.#reserve.reason] };
    return { size: level, reasons: ['level-forecast'] };
  }

  #urgency(at: { input: TickInput; isReserved: boolean }): Urgency {
    const { input, isReserved } = at;
    if (isReserved) return 'forecast';
    const need = input.sample && this.#need(input.sample);
    return need !== undefined && need >= input.size ? 'full' : 'none';
  }

  #need(sample: Sample): number | undefined {
    const isQueue = this.#settings.kind === 'queue';
    const need = isQueue ? needBytes(sample) : sample.throughputBytesPerSecond;
    return need !== undefined && need >= 0 && need <= NEED_MAX ? need : undefined;
  }
}

/** A forecaster that may be believed announces nothing now, or nothing sure enough. */
function isSilent(unused: ForecastUnused | undefined): boolean {
  return unused === 'abstained' || unused === 'low-confidence';
}

/** What the reserve is told of a forecast. */
function heard(forecast: BurstForecast | undefined, unused: ForecastUnused | undefined) {
  if (isSilent(unused)) return 'silent';
  return unused === undefined ? forecast : undefined;
}

/** Lowering a limit below what is queued would drop what the burst left behind. */
function isDrained(sample: Sample | undefined, lawSize: number | undefined): boolean {
  const queued = sample?.queueBytes ?? 0;
  return queued <= (lawSize ?? Number.POSITIVE_INFINITY) / 2;
}
