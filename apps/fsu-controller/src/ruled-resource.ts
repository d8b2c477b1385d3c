import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import type { ChangeBar, GovernorDecision, Mode, ResourceMeasurement } from '@levitate/control';
import {
  Controller,
  type ControllerEvent,
  type ManagedResource,
  type OriginalStore,
} from '@levitate/resource-sdk';
import type { CanaryGate } from './canary-rollout.ts';
import type { Orders } from './change-authority.ts';
import { addReason } from './decision-entry.ts';
import type { LoggedDecision } from './decision-log.ts';
import type { OperatedTarget, ResourceLease, TargetAuthority } from './operated-target.ts';
import { modeToProto } from './proto-words.ts';
import { AdvisedResource } from './reports/advised-resource.ts';
import type { DailyReports } from './reports/daily-reports.ts';
import { resourceDecision, unmeasuredTarget } from './resource-decision.ts';
import { type ResourceTargetConfig, ruleOf } from './target-config.ts';
import type { TargetEvents } from './target-events.ts';
import { TargetWatch } from './target-watch.ts';

/** @see RuledResource */
export interface RuledResourceOptions {
  config: ResourceTargetConfig;
  resource: ManagedResource;
  lease: ResourceLease;
  originals: OriginalStore;
  orders: Orders;
  canary: CanaryGate;
  reports: Pick<DailyReports, 'dayOf'>;
  periodMs: number;
  deadlineMs: number;
  failuresMax: number;
  clock: Clock;
  events: TargetEvents;
}

/**
 * A resource behind its adapter, ruled by the controller of the resource SDK, under the orders of
 * operators and a lease. The lease is wanted while changes are made, and until what was changed is
 * put back.
 */
export class RuledResource implements OperatedTarget {
  readonly name: string;
  readonly authority: TargetAuthority;
  readonly #options: RuledResourceOptions;
  readonly #controller: Controller;
  readonly #watch: TargetWatch;
  readonly #advised: AdvisedResource;
  #last: GovernorDecision | undefined;
  /** Under way. */
  #entry: LoggedDecision | undefined;
  /** Size that was recommended last. */
  #recommended: number | undefined;
  /** What a restore came to last. */
  #restored: number | undefined;
  #wasHeld = false;
  #isEnding = false;
  #changes = 0;
  #refused = 0;

  constructor(options: RuledResourceOptions) {
    const { config, resource, clock, originals, periodMs, deadlineMs, failuresMax } = options;
    this.#options = options;
    this.name = config.name;
    this.#watch = new TargetWatch({ ...options, isEnforcing: () => !this.#isOff });
    this.#advised = advisedOf(options);
    this.#controller = new Controller({
      resource,
      originals,
      clock,
      periodMs,
      deadlineMs,
      failuresMax,
      mode: this.#mode,
      ...ruleOf(config),
      ...(config.model === 'auto' && { model: 'auto' }),
      autoTune: config.auto_tune,
      bounds: { min: config.min, max: config.max },
      maxChangesPerMinute: config.max_changes_per_minute,
      barred: () => this.#barred(),
      onEvent: (event) => this.#on(event),
    });
    this.authority = authorityOf(this.#controller, {
      isPaused: () => this.#isPaused,
      isLeaseHeld: () => options.lease.held() === undefined,
      mode: () => this.#mode,
      barred: () => this.#barred(),
    });
  }

  get size(): number | undefined {
    return this.#last?.size;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { lease, events } = this.#options;
    const leased = lease.run(signal);
    try {
      await this.#controller.recall();
    } catch (error) {
      events.onFault(this.name, 'originals', error);
    }
    if (!signal.aborted) {
      this.#controller.start();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#isEnding = true;
    await this.giveUp();
    await leased;
  }

  async giveUp(): Promise<void> {
    await this.#controller.stop();
    await this.#options.lease.giveUp();
    // Told to rest, not to end: it goes on measuring.
    if (!this.#isEnding) this.#controller.start();
  }

  async restore(): Promise<number | undefined> {
    const original = await this.#controller.recall();
    if (original === undefined) return undefined;
    if (await this.#controller.restore()) return this.#restored ?? original.size;
    throw new Error(`${this.name} could not be put back to ${original.size}; it is tried again`);
  }

  toProto(): fsuController.TargetInit & { name: string } {
    const { config, resource, canary } = this.#options;
    const { isPaused, isBreakerOpen, isLeaseHeld } = this.authority;
    const last = this.#last;
    return {
      ...unmeasuredTarget(config),
      mode: modeToProto[this.#mode],
      paused: isPaused,
      breaker: isBreakerOpen ? 'BREAKER_STATE_OPEN' : 'BREAKER_STATE_CLOSED',
      leaseHeld: isLeaseHeld,
      limitBytes: last?.size ?? 0,
      originalLimitBytes: this.#controller.original?.size ?? last?.size ?? 0,
      changes: this.#changes,
      refusedChanges: this.#refused,
      model: this.#controller.model,
      unit: resource.unit,
      utilisation: last?.utilisation ?? 0,
      setpoint: this.#controller.setpoint,
      force: last?.force ?? 0,
      reasons: [...(last?.reasons ?? [])],
      metrics: { ...resource.metrics?.() },
      canaryEnforces: config.canary && canary.enforces(config),
    };
  }

  get #mode(): Mode {
    const { orders, config } = this.#options;
    return orders.mode(config.name) ?? config.mode;
  }

  get #isPaused(): boolean {
    const { orders, clock } = this.#options;
    return orders.pause(clock.unixMs()) !== undefined;
  }

  /** Whether nothing is to be changed, whatever the roll-out says. */
  get #isOff(): boolean {
    return this.#isPaused || this.#mode !== 'enforce' || this.#controller.isBreakerOpen;
  }

  /** Asked on every tick, so orders are followed here too. */
  #barred(): ChangeBar | undefined {
    const { lease, canary, config } = this.#options;
    const mode = this.#mode;
    if (mode !== this.#controller.mode) this.#controller.setMode(mode);
    const isWaiting = !canary.enforces(config);
    const isWanted = (!this.#isOff && !isWaiting) || this.#controller.original !== undefined;
    lease.want(isWanted);
    if (isWanted && lease.held() !== undefined) return 'lease-not-held';
    if (this.#isPaused) return 'paused';
    return isWaiting ? 'canary-wait' : undefined;
  }

  #on(event: ControllerEvent): void {
    const { events, failuresMax } = this.#options;
    if (event.kind === 'decision') {
      if (event.measured !== undefined) this.#measured(event.measured);
      this.#decided(event.decision);
    } else if (event.kind === 'failed') {
      events.onFault(this.name, event.what, event.error);
      if (event.what === 'apply') this.#settled(undefined);
    } else if (event.kind === 'applied') this.#settled(event.size);
    else if (event.kind === 'breaker-open') events.onBreakerOpen(this.name, failuresMax + 1);
    else if (event.kind === 'restarted') events.onRestarted(this.name, event.size);
    else {
      this.#restored = event.size;
      events.onRestored(this.name, event.size, event.original);
    }
  }

  #measured(measured: ResourceMeasurement): void {
    this.#watch.measured(measured);
    if (this.#mode !== 'recommend') return;
    this.#advised.take({ nowMs: this.#options.clock.monotonicMs(), measured });
  }

  #decided(decision: GovernorDecision): void {
    const { events } = this.#options;
    this.#review(decision);
    this.#last = decision;
    const makeEntry = () => this.#newEntry(decision);
    if (decision.apply !== undefined) {
      this.#recommended = undefined;
      this.#entry = makeEntry();
      events.onDecision(this.#entry);
      return;
    }
    const { size, allowed } = decision;
    const isNews = allowed !== undefined && allowed !== size && allowed !== this.#recommended;
    if (isNews && this.#mode !== 'observe') this.#withhold(makeEntry());
    if (allowed !== undefined) this.#recommended = allowed;
    events.onTick(this.name, () => makeEntry().tick);
  }

  /** What changed about the target itself since the tick before. */
  #review({ reasons, utilisation }: GovernorDecision): void {
    const { events, clock } = this.#options;
    const isHeld = this.authority.isLeaseHeld;
    const isMissed = reasons.includes('lease-not-held');
    if (isHeld !== this.#wasHeld && (isHeld || isMissed)) {
      events.onLease(this.name, isHeld, this.#options.lease.why);
    }
    this.#wasHeld = isHeld;
    this.#watch.decided({ nowMs: clock.monotonicMs(), reasons, utilisation });
    const isByHand = reasons.includes('set-by-hand');
    if (isByHand && !this.#last?.reasons.includes('set-by-hand')) events.onSetByHand(this.name);
  }

  #withhold(entry: LoggedDecision): void {
    const { events } = this.#options;
    this.#refused += 1;
    events.onRefused(this.name, entry.tick.decision.reasons[0] ?? 'none');
    events.onDecision(entry);
    events.onSettled(entry);
  }

  /** @param size undefined: the change failed */
  #settled(size: number | undefined): void {
    const { events } = this.#options;
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry === undefined) return;
    const { decision } = entry.tick;
    if (size === undefined) {
      addReason(entry, 'change-failed');
    } else {
      this.#changes += 1;
      decision.applied = true;
      decision.afterBytes = size;
    }
    events.onChange(this.name, size === undefined ? 'failed' : 'applied');
    events.onSettled(entry);
    events.onTick(this.name, () => entry.tick);
  }

  #newEntry(decision: GovernorDecision): LoggedDecision {
    const { clock, resource } = this.#options;
    return resourceDecision({
      target: this.toProto(),
      unit: resource.unit,
      mode: this.#mode,
      decision,
      timeUnixMs: clock.unixMs(),
    });
  }
}

/** Within the bounds of both, as its controller keeps to. */
function advisedOf(options: RuledResourceOptions): AdvisedResource {
  const { config, resource, periodMs, reports } = options;
  const { quantum, actuationDelayMs, unit } = resource;
  const settings = {
    ...ruleOf(config),
    min: Math.max(resource.min, config.min),
    max: Math.min(resource.max, config.max),
    ...{ quantum, actuationDelayMs, periodMs },
    maxChangesPerMinute: config.max_changes_per_minute,
  };
  return new AdvisedResource({ settings, dayOf: () => reports.dayOf(config, unit) });
}

function authorityOf(
  controller: Controller,
  of: {
    isPaused: () => boolean;
    isLeaseHeld: () => boolean;
    mode: () => Mode;
    barred: () => ChangeBar | undefined;
  },
): TargetAuthority {
  return {
    get isPaused() {
      return of.isPaused();
    },
    get isBreakerOpen() {
      return controller.isBreakerOpen;
    },
    get isLeaseHeld() {
      return of.isLeaseHeld();
    },
    held() {
      const mode = of.mode();
      if (mode !== 'enforce') return `mode-${mode}`;
      return of.barred() ?? (controller.isBreakerOpen ? 'breaker-open' : undefined);
    },
    resetBreaker: () => controller.resetBreaker(),
  };
}
