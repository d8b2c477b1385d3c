import type { Clock } from '@levitate/clock';
import type { fsuController, predictor } from '@levitate/contracts';
import { TargetController, type TargetDecision, type TargetSettings } from '@levitate/control';
import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import type { AgentCalls } from './batched-agent.ts';
import type { CanaryGate } from './canary-rollout.ts';
import { ChangeAuthority, type Orders } from './change-authority.ts';
import { addReason, bareTick, decisionEntry, limitOf } from './decision-entry.ts';
import type { LoggedDecision } from './decision-log.ts';
import { LateShadow } from './late-shadow.ts';
import type { LeaseGrant } from './lease-keeper.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { type ChangeOutcome, LimitApplier } from './limit-applier.ts';
import type { OperatedTarget } from './operated-target.ts';
import { lawToProto, modeToProto } from './proto-words.ts';
import { queueSettings } from './queue-settings.ts';
import { AdvisedQueue } from './reports/advised-queue.ts';
import type { DailyReports } from './reports/daily-reports.ts';
import { shadowEstimate } from './shadow-estimate.ts';
import { bufferBoundsOf, type TargetConfig } from './target-config.ts';
import type { TargetEvents } from './target-events.ts';
import { TargetWatch } from './target-watch.ts';

/** @see ControlledTarget */
export interface ControlledTargetOptions {
  config: TargetConfig;
  periodMs: number;
  leaseTtlMs: number;
  changeDeadlineMs: number;
  breaker: { failuresMax: number; coolOffMs: number };
  holder: string;
  /** Where fencing tokens come from; default: one more than the agent has seen. */
  leases?: LeaseStore | undefined;
  agent: AgentCalls;
  clock: Clock;
  orders: Orders;
  canary: CanaryGate;
  reports: Pick<DailyReports, 'dayOf'>;
  events: TargetEvents;
}

/** One firing for one target. */
export interface Firing {
  /** New samples since the last firing, oldest first; none: the timer fired. */
  samples: readonly Sample[];
  forecast: { forecast: BurstForecast; proto: predictor.BurstForecast } | undefined;
}

/** Time an agent gets to restore an original, ms. */
const restoreDeadlineMs = 3_000;

/** A sample this far before our last change was not measured before it: the clock was set back. */
const clockStepMs = 2_000;

/**
 * One target: the pure controller, and around it what the outside world adds. Order within a tick:
 * learn the size in force, step the controller, ask whether a change may be made, hand it to the
 * agent without waiting, log and publish. Where changes may not be made, the controller goes on
 * over the size it would have asked for, so that it spends its allowance as it would and each
 * recommendation is made once.
 */
export class ControlledTarget implements OperatedTarget {
  readonly name: string;
  readonly link: string;
  readonly authority: ChangeAuthority;
  readonly #options: ControlledTargetOptions;
  readonly #settings: TargetSettings;
  readonly #controller: TargetController;
  readonly #applier: LimitApplier;
  readonly #watch: TargetWatch;
  readonly #advised: AdvisedQueue;
  #lastNowMs = Number.NEGATIVE_INFINITY;
  #size: number | undefined;
  #original = 0;
  #changedUnixMs = Number.NEGATIVE_INFINITY;
  /** Size the controller would have asked for, while it may not. */
  #shadow: number | undefined;
  #changes = 0;
  #refused = 0;
  #isRefusing = false;
  #last: TargetDecision | undefined;
  #lastSample: Sample | undefined;
  /** From when the limit without control is known. */
  #others: LateShadow | undefined;

  constructor(options: ControlledTargetOptions) {
    const { config, agent, holder, changeDeadlineMs: deadlineMs, events, canary } = options;
    this.#options = options;
    this.#settings = queueSettings(config, options.periodMs);
    this.name = config.name;
    this.link = config.link ?? config.name;
    this.#controller = new TargetController(this.#settings);
    const isEnforcing = () => {
      const { mode, isPaused, isBreakerOpen } = this.authority;
      return mode === 'enforce' && !isPaused && !isBreakerOpen;
    };
    this.#watch = new TargetWatch({ ...options, isEnforcing });
    const dayOf = () => options.reports.dayOf(config, 'bytes');
    this.#advised = new AdvisedQueue({ periodMs: options.periodMs, dayOf });
    this.#applier = new LimitApplier({ agent, link: this.link, holder, deadlineMs });
    this.authority = new ChangeAuthority({
      ...options,
      target: this.name,
      link: this.link,
      configuredMode: config.mode,
      canaryEnforces: () => canary.enforces(config),
      onGranted: (grant) => this.#granted(grant),
      onLost: (why) => events.onLease(this.name, false, why),
      onBreakerOpen: (failures) => events.onBreakerOpen(this.name, failures),
    });
  }

  /** Limit in force as last known. */
  get size(): number | undefined {
    return this.#size;
  }

  /** When it last ran, monotonic ms. */
  get lastNowMs(): number {
    return this.#lastNowMs;
  }

  /** Why the newest forecast is not acted on; empty when it is, or none is wanted. */
  get forecastUnused(): string {
    return this.#last?.forecastUnused ?? '';
  }

  /** Learn from samples of the past without acting, as if the newest came now. */
  recall(samples: readonly Sample[]): void {
    for (const sample of samples) this.#learnSize(sample);
    if (samples.length > 0) this.#step({ samples, forecast: undefined });
  }

  fire(firing: Firing): void {
    this.authority.review();
    for (const sample of firing.samples) this.#learnSize(sample);
    const stepped = this.#step(firing);
    if (stepped === undefined) {
      this.#publishBare(firing);
      return;
    }
    const { decision, current } = stepped;
    this.#last = decision;
    this.#compare(firing.samples);
    this.#watch.sampled(firing.samples, firing.forecast?.forecast);
    this.#watch.decided({ nowMs: this.#lastNowMs, ...decision });
    const next = limitOf(decision);
    if (this.authority.mode === 'recommend') this.#advise(firing.samples, { current, next });
    const isChange = next !== current;
    const held = isChange ? this.authority.held() : undefined;
    const makeEntry = () => this.#entry({ firing, decision, current, held });
    if (!isChange) this.#keep(decision, makeEntry);
    else if (held === undefined) this.#change(makeEntry());
    else this.#withhold(makeEntry(), held);
  }

  /** What no change waits for: the queues that are not there get the samples they lack. */
  catchUp(): void {
    this.#others?.catchUp();
  }

  run(signal: AbortSignal): Promise<void> {
    return this.authority.run(signal);
  }

  async restore(): Promise<number | undefined> {
    const { agent } = this.#options;
    const answer = await agent.restore({ link: this.link }, { deadlineMs: restoreDeadlineMs });
    return answer.restored.find(({ link }) => link === this.link)?.limitBytes;
  }

  async giveUp(): Promise<void> {
    await this.#applier.settle();
    await this.authority.giveUp();
  }

  toProto(): fsuController.TargetInit {
    const { config, canary } = this.#options;
    const { mode, isPaused, isBreakerOpen, isLeaseHeld } = this.authority;
    const bounds = bufferBoundsOf(config);
    const last = this.#last;
    return {
      name: this.name,
      link: this.link,
      mode: modeToProto[mode],
      paused: isPaused,
      predictive: config.predictive,
      breaker: isBreakerOpen ? 'BREAKER_STATE_OPEN' : 'BREAKER_STATE_CLOSED',
      leaseHeld: isLeaseHeld,
      law: lawToProto[last?.law ?? 'reactive'],
      forecastUnusedReason: this.forecastUnused,
      limitBytes: this.#size ?? 0,
      limitBytesMin: bounds.min,
      limitBytesMax: bounds.max,
      originalLimitBytes: this.#original,
      changes: this.#changes,
      refusedChanges: this.#refused,
      latencyBudgetMs: config.latency_budget_ms,
      model: this.#controller.model,
      resource: 'RESOURCE_KIND_BUFFER',
      unit: 'bytes',
      utilisation: last?.utilisation ?? 0,
      setpoint: this.#settings.setpoint,
      force: last?.force ?? 0,
      reasons: [...(last?.reasons ?? [])],
      shadow: this.#others && shadowEstimate(this.#others.reading, this.#options.periodMs),
      canary: config.canary,
      canaryEnforces: config.canary && canary.enforces(config),
    };
  }

  #granted(grant: LeaseGrant): void {
    this.#size = grant.limitBytes;
    this.#original = grant.originalLimitBytes;
    this.#options.events.onLease(this.name, true, '');
  }

  /** Samples that end after our last change show the limit in force, whoever set it. */
  #learnSize(sample: Sample): void {
    const { limitBytes, timeUnixMs } = sample;
    if (limitBytes === undefined || !(limitBytes > 0)) return;
    const beforeMs = this.#changedUnixMs - timeUnixMs;
    if (beforeMs > 0 && beforeMs < clockStepMs) return;
    this.#size = limitBytes;
  }

  /** The same arrivals through the queues that are not there. */
  #compare(samples: readonly Sample[]): void {
    const staticBytes = this.#original || this.#size;
    if (staticBytes === undefined) return;
    this.#others ??= new LateShadow({ settings: this.#settings, staticBytes });
    for (const sample of samples) this.#others.take({ nowMs: this.#lastNowMs, sample });
  }

  #advise(samples: readonly Sample[], { current, next }: { current: number; next: number }): void {
    const size = this.#size ?? current;
    this.#advised.take({ nowMs: this.#lastNowMs, samples, size, recommended: current, next });
  }

  /** Every sample passes the controller; what it says to the newest counts. */
  #step(firing: Firing): { decision: TargetDecision; current: number } | undefined {
    const { samples, forecast } = firing;
    const size = this.#size;
    if (size === undefined) return undefined;
    const nowMs = this.#options.clock.monotonicMs();
    const newestUnixMs = samples.at(-1)?.timeUnixMs ?? 0;
    let requested = this.#requested();
    const current = requested ?? size;
    let decision: TargetDecision | undefined;
    const each = samples.length === 0 ? [undefined] : samples;
    for (const sample of each) {
      const agoMs = sample === undefined ? 0 : Math.max(0, newestUnixMs - sample.timeUnixMs);
      // Time only goes forward for the core, also where the clock of the samples does not.
      this.#lastNowMs = Math.max(this.#lastNowMs, nowMs - agoMs);
      const tick = { nowMs: this.#lastNowMs, sample, forecast: forecast?.forecast };
      decision = this.#controller.step({ ...tick, size, requested });
      requested = limitOf(decision) === (requested ?? size) ? requested : limitOf(decision);
      this.#lastSample = sample ?? this.#lastSample;
    }
    return decision && { decision, current };
  }

  /** The limit asked for last where it is not in force (yet). */
  #requested(): number | undefined {
    if (this.authority.held() !== undefined) return this.#shadow;
    this.#shadow = undefined;
    return this.#applier.requested;
  }

  /** Nothing to change; worth a line where the allowance is what keeps it from changing. */
  #keep(decision: TargetDecision, makeEntry: () => LoggedDecision): void {
    const isRefusing =
      decision.reasons.includes('change-rate') && this.authority.held() === undefined;
    if (isRefusing && !this.#isRefusing) this.#refuse(makeEntry(), 'change-rate');
    this.#isRefusing = isRefusing;
    this.#options.events.onTick(this.name, () => makeEntry().tick);
  }

  #withhold(entry: LoggedDecision, held: string): void {
    this.#shadow = entry.tick.decision.allowedBytes;
    if (held !== 'mode-observe') this.#refuse(entry, held);
    this.#options.events.onTick(this.name, () => entry.tick);
  }

  #refuse(entry: LoggedDecision, reason: string): void {
    const { events } = this.#options;
    this.#refused += 1;
    events.onRefused(this.name, reason);
    events.onDecision(entry);
    events.onSettled(entry);
  }

  #change(entry: LoggedDecision): void {
    const { token } = this.authority;
    if (token === undefined) {
      this.#withhold(entry, 'lease-not-held');
      return;
    }
    this.#options.events.onDecision(entry);
    const sample = this.#lastSample;
    const { allowedBytes, kp, ki, kd } = entry.tick.decision;
    this.#applier.request({
      limitBytes: allowedBytes,
      gains: { kp, ki, kd },
      token,
      onOutcome: (outcome) => this.#settled({ entry, outcome, sample }),
    });
  }

  #settled(at: {
    entry: LoggedDecision;
    outcome: ChangeOutcome;
    sample: Sample | undefined;
  }): void {
    const { entry, outcome, sample } = at;
    const { events } = this.#options;
    const { decision } = entry.tick;
    let sampleToChangeMs: number | undefined;
    if (outcome.kind === 'applied') {
      this.#size = outcome.limitBytes;
      this.#changedUnixMs = outcome.changedUnixMs;
      this.#changes += 1;
      this.authority.changed();
      sampleToChangeMs = sample && Math.max(0, outcome.changedUnixMs - sample.timeUnixMs);
      decision.applied = true;
      decision.afterBytes = outcome.limitBytes;
      decision.sampleToChangeMs = sampleToChangeMs ?? 0;
    } else {
      addReason(entry, outcome.kind === 'failed' ? 'change-failed' : outcome.kind);
      if (outcome.kind === 'failed') this.authority.changeFailed();
      else if (outcome.kind !== 'superseded') this.authority.leaseLost(outcome.error.message);
    }
    events.onChange(this.name, outcome.kind, sampleToChangeMs);
    events.onSettled(entry);
    events.onTick(this.name, () => entry.tick);
  }

  #entry(at: {
    firing: Firing;
    decision: TargetDecision;
    current: number;
    held: string | undefined;
  }): LoggedDecision {
    const { firing, ...rest } = at;
    return decisionEntry({
      ...rest,
      target: this.toProto(),
      timeUnixMs: this.#options.clock.unixMs(),
      mode: this.authority.mode,
      sample: firing.samples.at(-1),
      sampleUnixMs: this.#lastSample?.timeUnixMs,
      forecast: firing.forecast?.proto,
    });
  }

  /** Before a size is known there is nothing to decide, but something to show. */
  #publishBare({ samples, forecast }: Firing): void {
    const { clock, events } = this.#options;
    this.#lastNowMs = Math.max(this.#lastNowMs, clock.monotonicMs());
    events.onTick(this.name, () =>
      bareTick({
        target: this.name,
        timeUnixMs: clock.unixMs(),
        sample: samples.at(-1),
        forecast: forecast?.proto,
      }),
    );
  }
}
