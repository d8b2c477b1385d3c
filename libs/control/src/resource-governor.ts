import type { Law, LawReason } from './laws/law.ts';
import { isSize } from './laws/measured.ts';
import type { LawName } from './laws/open-law.ts';
import { openRule, rulingModel } from './laws/open-rule.ts';
import { deadBandDefault } from './laws/sizing-options.ts';
import {
  type BreakerOutcome,
  type BreakerState,
  CircuitBreaker,
} from './safety/circuit-breaker.ts';
import { Envelope, type EnvelopeReason } from './safety/envelope.ts';
import type { Mode } from './safety/mode.ts';

/** What is fixed about a resource. Sizes are in its own unit: threads, connections, bytes. */
export interface ResourceFacts {
  min: number;
  max: number;
  /** Sizes are whole multiples of it; default 1. */
  quantum?: number | undefined;
  /** From a request until its size is usable, ms; default 0. */
  actuationDelayMs?: number | undefined;
}

/** What a resource says of one period. */
export interface ResourceMeasurement {
  /** Size in force. */
  size: number;
  /** Most of it that was asked for at once, what was rejected with it; may exceed the size. */
  need: number;
  /** The part of `need` that was rejected; default 0. */
  rejected?: number | undefined;
  /** Wait before service, p95 where there is one, seconds. */
  delayS?: number | undefined;
  /** Which run of the resource this is, such as a process and its start; another: restarted. */
  instance?: string | undefined;
  /**
   * What is in force is no longer what `apply` would choose for its size (a part of it died or
   * slowed down): the same size is applied again. Told at most as often as that may happen.
   */
  isStale?: boolean | undefined;
}

/** How a resource is ruled. */
export interface GovernorSettings extends ResourceFacts {
  /** Default `enforce`. */
  mode?: Mode | undefined;
  /** Default `optomechanical`; `auto`: the model that did best of late. */
  model?: LawName | 'auto' | undefined;
  /** Tune setpoint and hold by replay of the recent past; default false. */
  autoTune?: boolean | undefined;
  /** Default 0.8. */
  setpoint?: number | undefined;
  /** How long a peak is held, ms; default 60,000. */
  holdMs?: number | undefined;
  /** Length of a tick, ms; default 100. */
  periodMs?: number | undefined;
  /** Default 10. */
  maxChangesPerMinute?: number | undefined;
  /** Consecutive failures that are borne; default 3. */
  failuresMax?: number | undefined;
  /** How long a size that somebody else has set is left alone, ms; default 60,000. */
  handOffMs?: number | undefined;
}

/** Why a decision is as it is; closed set, most important first. */
export type GovernorReason =
  | LawReason
  | EnvelopeReason
  /** Nothing was measured this period. */
  | 'not-measured'
  /** What was measured cannot be: no number, negative, or a hundred times the largest size. */
  | 'implausible'
  /** The size that was asked for did not come into force in time. */
  | 'ignored'
  /** Somebody else has changed the size: it is left alone for a while. */
  | 'set-by-hand'
  /** Another run of the resource answers than before: what it has now is its own. */
  | 'restarted'
  /** The same size is applied again, made up of other parts. */
  | 'renewed'
  | ChangeBar
  | 'breaker-open'
  | `mode-${Exclude<Mode, 'enforce'>}`;

/** Why whoever drives the governor does not let it change anything now; closed set. */
export type ChangeBar = 'paused' | 'lease-not-held' | 'canary-wait';

/** What a tick decided. */
export interface GovernorDecision {
  /** Size in force, as last measured; undefined before any measurement. */
  size: number | undefined;
  /** What the law wished for, before the envelope. */
  wished: number | undefined;
  /** What the envelope would let it be; the size that stands where it must not move. */
  allowed: number | undefined;
  /** To be put in force now; undefined: nothing. */
  apply: number | undefined;
  /** The breaker has opened in this tick: put the original back and raise an alert. */
  opened: boolean;
  /** The resource was restarted since the last measurement. */
  restarted: boolean;
  utilisation: number | undefined;
  /** Dimensionless force of the law, where it knows one. */
  force: number;
  reasons: GovernorReason[];
}

/** Needs beyond so many times the largest size are no measurements. */
const implausibleFactor = 100;
/** Time beyond its delay that a change may take before it counts as ignored, ms. */
const graceMs = 2_000;
/** A change that was given up may yet take effect within this time, ms; so many are remembered. */
const lateMs = 60_000;
const lateMax = 4;
const restartedReason = ['restarted'] as const;
const renewedReason = ['renewed'] as const;

/**
 * The rule over one resource that somebody else owns, as a state machine: law, envelope, breaker,
 * and the watch over what became of a change. It never fights: a size that neither stood before
 * nor was asked for was set by hand, and is left alone for a while.
 */
export class ResourceGovernor {
  readonly #settings: GovernorSettings;
  readonly #quantum: number;
  /** Utilisation beyond which more is needed. */
  readonly #fullFrom: number;
  readonly #law: Law;
  readonly #envelope: Envelope;
  readonly #breaker: CircuitBreaker;
  #mode: Mode;
  /** Size in force as last measured. */
  #size: number | undefined;
  /** The change under way. */
  #change: { from: number; to: number; askedMs: number } | undefined;
  /** Changes that were given up: a size that one of them asked for is nobody's hand. */
  #late: { to: number; untilMs: number }[] = [];
  #handedOffUntilMs = Number.NEGATIVE_INFINITY;
  #instance: string | undefined;

  constructor(settings: GovernorSettings) {
    const { min, max, quantum = 1, maxChangesPerMinute } = settings;
    this.#settings = settings;
    this.#quantum = quantum;
    this.#mode = settings.mode ?? 'enforce';
    const { setpoint = 0.8, holdMs = 60_000, periodMs = 100, actuationDelayMs = 0 } = settings;
    this.#fullFrom = setpoint + deadBandDefault;
    this.#law = openRule({ ...settings, setpoint, holdMs, periodMs, actuationDelayMs });
    this.#envelope = new Envelope({
      kind: 'capacity',
      min: Math.ceil(min / quantum) * quantum,
      max: Math.floor(max / quantum) * quantum,
      ...(maxChangesPerMinute !== undefined && { maxChangesPerMinute }),
    });
    const { failuresMax } = settings;
    this.#breaker = new CircuitBreaker({ ...(failuresMax !== undefined && { failuresMax }) });
  }

  /** The law that rules now. */
  get model(): string {
    return rulingModel(this.#law);
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** Utilisation that is held, as configured. */
  get setpoint(): number {
    return this.#fullFrom - deadBandDefault;
  }

  setMode(mode: Mode): void {
    this.#mode = mode;
  }

  breakerState(nowMs: number): BreakerState {
    return this.#breaker.state(nowMs);
  }

  /** An operator has looked at it. */
  resetBreaker(): void {
    this.#breaker.reset();
  }

  /**
   * One period.
   * @param tick.measured undefined: the resource did not answer in time
   * @param tick.barred why nothing may be changed, whatever the governor wants
   */
  step(tick: {
    nowMs: number;
    measured: ResourceMeasurement | undefined;
    barred?: ChangeBar | undefined;
  }): GovernorDecision {
    const { nowMs, measured, barred } = tick;
    if (measured === undefined) return this.#failed(nowMs, 'not-measured');
    if (!this.#isPlausible(measured)) return this.#failed(nowMs, 'implausible');
    const restarted = this.#isRestarted(measured);
    const became = this.#readBack(nowMs, measured.size);
    if (became === 'ignored') return this.#failed(nowMs, 'ignored');
    if (became === 'settled') this.#breaker.recordSuccess(nowMs);
    return this.#decide({ nowMs, measured, restarted, held: this.#held(nowMs, barred) });
  }

  /** Its original was put back: that was nobody's hand. */
  putBack(size: number): void {
    this.#change = undefined;
    this.#late = [];
    this.#size = size;
  }

  /**
   * The change that a decision asked for could not be made.
   * @param isAsked whether the resource was asked for it: then it may take effect all the same
   */
  applyFailed(nowMs: number, isAsked: boolean): BreakerOutcome {
    if (isAsked) this.#giveUp(nowMs);
    this.#change = undefined;
    return this.#breaker.recordFailure(nowMs);
  }

  #decide(tick: {
    nowMs: number;
    measured: ResourceMeasurement;
    restarted: boolean;
    held: GovernorReason[];
  }): GovernorDecision {
    const { nowMs, restarted, held } = tick;
    const { size, need, rejected, delayS } = tick.measured;
    const current = this.#change?.to ?? size;
    const {
      wish,
      utilisation,
      reasons,
      force = 0,
    } = this.#law.step({
      nowMs,
      intervalMs: this.#settings.periodMs ?? 100,
      size,
      requested: current,
      need,
      dropped: rejected,
      delayS,
    });
    const urgency = need >= size || (rejected ?? 0) > 0 ? 'full' : 'none';
    const whole = this.#whole({ wish, current, need: (utilisation ?? 0) * size });
    const request = { nowMs, current, wish: whole, urgency } as const;
    const isOurs = held.length === 0;
    const verdict = isOurs ? this.#envelope.admit(request) : this.#envelope.preview(request);
    const isMoved = verdict.allowed !== current;
    const isRenewed = !isMoved && tick.measured.isStale === true && this.#change === undefined;
    const apply = isOurs && (isMoved || isRenewed) ? verdict.allowed : undefined;
    if (apply !== undefined) this.#change = { from: size, to: apply, askedMs: nowMs };
    return {
      size,
      wished: wish,
      allowed: verdict.allowed,
      apply,
      opened: false,
      restarted,
      utilisation,
      force,
      reasons: [
        ...(restarted ? restartedReason : []),
        ...held,
        ...(isRenewed ? renewedReason : []),
        ...reasons,
        ...verdict.reasons,
      ],
    };
  }

  /** Why nothing may be changed now. */
  #held(nowMs: number, barred: ChangeBar | undefined): GovernorReason[] {
    const held: GovernorReason[] = barred === undefined ? [] : [barred];
    if (this.#breaker.state(nowMs) === 'open') held.push('breaker-open');
    if (nowMs < this.#handedOffUntilMs) held.push('set-by-hand');
    const mode = this.#mode;
    if (mode !== 'enforce') held.push(`mode-${mode}`);
    return held;
  }

  /** Another run of it answers: its size is its own, not ours and nobody's hand. */
  #isRestarted({ instance, size }: ResourceMeasurement): boolean {
    const before = this.#instance;
    this.#instance = instance ?? before;
    if (before === undefined || instance === undefined || instance === before) return false;
    this.#change = undefined;
    this.#late = [];
    this.#size = size;
    this.#handedOffUntilMs = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** What became of the change under way, and whether somebody else has moved the size. */
  #readBack(nowMs: number, size: number): 'settled' | 'ignored' | 'waiting' {
    const before = this.#size;
    this.#size = size;
    const change = this.#change;
    if (change === undefined) {
      const isMoved = before !== undefined && !this.#isSame(size, before);
      if (isMoved && !this.#isLate(nowMs, size)) this.#handOff(nowMs);
      return 'waiting';
    }
    if (this.#isSame(size, change.to)) {
      this.#change = undefined;
      return 'settled';
    }
    const isBetween = (size - change.from) * (size - change.to) <= 0;
    if (!isBetween && this.#isLate(nowMs, size)) change.from = size;
    else if (!isBetween) {
      this.#change = undefined;
      this.#handOff(nowMs);
      return 'waiting';
    }
    const { actuationDelayMs = 0 } = this.#settings;
    if (nowMs - change.askedMs <= actuationDelayMs + graceMs) return 'waiting';
    this.#giveUp(nowMs);
    this.#change = undefined;
    return 'ignored';
  }

  /** The change under way is not waited for any more. */
  #giveUp(nowMs: number): void {
    if (this.#change === undefined) return;
    const late = { to: this.#change.to, untilMs: nowMs + lateMs };
    this.#late = [...this.#late, late].slice(-lateMax);
  }

  #isLate(nowMs: number, size: number): boolean {
    return this.#late.some(({ to, untilMs }) => nowMs < untilMs && this.#isSame(size, to));
  }

  #handOff(nowMs: number): void {
    this.#handedOffUntilMs = nowMs + (this.#settings.handOffMs ?? 60_000);
  }

  #failed(nowMs: number, reason: GovernorReason): GovernorDecision {
    const outcome = this.#breaker.recordFailure(nowMs);
    return {
      size: this.#size,
      wished: undefined,
      allowed: undefined,
      apply: undefined,
      opened: outcome === 'opened',
      restarted: false,
      utilisation: undefined,
      force: 0,
      reasons: [reason],
    };
  }

  #isPlausible({ size, need, rejected = 0 }: ResourceMeasurement): boolean {
    const most = implausibleFactor * this.#settings.max;
    const isCount = (value: number) => Number.isFinite(value) && value >= 0 && value <= most;
    return isSize(size) && isCount(size) && isCount(need) && isCount(rejected);
  }

  /**
   * In whole units. A rise that is needed is never rounded away, or a pool of one could not grow;
   * nor does rounding take what the need would want back at once, or it would cycle.
   */
  #whole({ wish, current, need }: { wish: number; current: number; need: number }): number {
    if (!Number.isFinite(wish)) return wish;
    const quantum = this.#quantum;
    const units = Math.max(1, Math.round(wish / quantum));
    const least = Math.ceil(need / this.#fullFrom / quantum - 1e-9);
    const nowUnits = Math.round(current / quantum);
    if (wish > current) return quantum * (least > nowUnits ? Math.max(units, nowUnits + 1) : units);
    return quantum * Math.min(nowUnits, Math.max(units, least));
  }

  #isSame(one: number, other: number): boolean {
    return Math.abs(one - other) < this.#quantum / 2;
  }
}
