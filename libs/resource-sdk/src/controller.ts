import type { Clock } from '@levitate/clock';
import {
  type ChangeBar,
  type GovernorDecision,
  type GovernorSettings,
  type Mode,
  ResourceGovernor,
  type ResourceMeasurement,
} from '@levitate/control';
import { systemClock } from '@levitate/service-kit';
import { type Delay, withinDeadline } from './deadline.ts';
import { KeptOriginal } from './kept-original.ts';
import type { ManagedResource, NotedOriginal } from './managed-resource.ts';
import { type OriginalStore, OriginalsInMemory } from './original-store.ts';

/** What a controller says while it rules. */
export type ControllerEvent =
  | { kind: 'decision'; decision: GovernorDecision; measured: ResourceMeasurement | undefined }
  /** A size was put in force. */
  | { kind: 'applied'; size: number }
  /** Measuring or changing failed, or took too long. */
  | { kind: 'failed'; what: 'measure' | 'apply' | 'restore' | 'originals'; error: unknown }
  /** Control has stopped after repeated failures; the original is put back. */
  | { kind: 'breaker-open' }
  /** The resource was restarted, and came up with another size than it was given. */
  | { kind: 'restarted'; size: number }
  /** The original is in force again, or as much of it as there can be. */
  | { kind: 'restored'; size: number; original: number };

/** @see Controller */
export interface ControllerOptions extends Omit<GovernorSettings, keyof ManagedResource> {
  resource: ManagedResource;
  /** Narrower ones than the resource's own; default these. */
  bounds?: { min: number; max: number } | undefined;
  /** Longest time a measurement or a change may take, ms; default 1,000. */
  deadlineMs?: number | undefined;
  /** Where the original is noted before the first change; default in memory. */
  originals?: OriginalStore | undefined;
  /** Why nothing may be changed now, asked on every tick; default: nothing bars a change. */
  barred?: (() => ChangeBar | undefined) | undefined;
  /** Told of everything; default nobody. */
  onEvent?: ((event: ControllerEvent) => void) | undefined;
  /** Default the clocks of this machine. */
  clock?: Clock | undefined;
  /** How to wait; default by the timers of this machine. */
  wait?: Delay | undefined;
}

/** Time beyond its delay in which a resource shows that it was put back, ms. */
const restoreGraceMs = 2_000;
/** After a restore that failed the next is tried so much later, ms. */
const restoreRetryMs = 5_000;

/**
 * Rules one resource: measures it every period, asks the law, changes it within the envelope,
 * reads back what came of it. What it found is noted before the first change, and put back when it
 * stops, is told not to enforce, or failures open the breaker; what cannot be put back is tried
 * again.
 *
 * An original that is found noted belongs to a run that crashed, or to the controller before this
 * one: it is that one which counts, not the size that was left behind. Without the lease nothing is
 * put back either: that is for whoever has it.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #governor: ResourceGovernor;
  readonly #original: KeptOriginal;
  readonly #clock: Clock;
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;
  /** Size that was asked for last; it may be in force although it was said to have failed. */
  #asked: number | undefined;
  /** Size that was measured last. */
  #seen: number | undefined;
  #isRecalled = false;
  #restoreFromMs = Number.NEGATIVE_INFINITY;

  constructor(options: ControllerOptions) {
    const { resource, originals = new OriginalsInMemory(), wait, bounds } = options;
    const { quantum, actuationDelayMs } = resource;
    const min = Math.max(resource.min, bounds?.min ?? resource.min);
    const max = Math.min(resource.max, bounds?.max ?? resource.max);
    this.#options = options;
    this.#governor = new ResourceGovernor({ ...options, min, max, quantum, actuationDelayMs });
    this.#original = new KeptOriginal(resource, originals, wait);
    this.#clock = options.clock ?? systemClock;
    this.#periodMs = options.periodMs ?? 100;
  }

  /** The law that rules now. */
  get model(): string {
    return this.#governor.model;
  }

  get mode(): Mode {
    return this.#governor.mode;
  }

  /** Utilisation that is held, as configured. */
  get setpoint(): number {
    return this.#governor.setpoint;
  }

  get isBreakerOpen(): boolean {
    return this.#governor.breakerState(this.#clock.monotonicMs()) === 'open';
  }

  /** What will be put back; undefined: nothing was changed. */
  get original(): NotedOriginal | undefined {
    return this.#original.value;
  }

  /** What an earlier run, or the controller before this one, left noted. @throws of the store */
  recall(): Promise<NotedOriginal | undefined> {
    return this.#original.recall();
  }

  /** Anything but `enforce` puts the original back, in the next tick. */
  setMode(mode: Mode): void {
    this.#governor.setMode(mode);
    this.#restoreFromMs = Number.NEGATIVE_INFINITY;
  }

  /** Close the breaker: somebody has looked at it. */
  resetBreaker(): void {
    this.#governor.resetBreaker();
  }

  /** Rule from now on, once a period; a period that takes longer is not joined by a second one. */
  start(): this {
    this.#timer ??= setInterval(() => {
      this.#running ??= this.tick().finally(() => {
        this.#running = undefined;
      });
    }, this.#periodMs);
    return this;
  }

  /** Rule no more, and put the original back. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#isStopping = true;
    await this.#running;
    await this.restore();
    // Others may rule it until this one starts again.
    this.#leave();
    this.#isStopping = false;
  }

  /** One period; `start` calls it. */
  async tick(): Promise<void> {
    const barred = this.#options.barred?.();
    if (barred === 'lease-not-held') this.#leave();
    const measured = await this.#attempt('measure', (signal) =>
      this.#options.resource.measure(signal),
    );
    const nowMs = this.#clock.monotonicMs();
    const decision = this.#governor.step({ nowMs, measured, barred });
    this.#say({ kind: 'decision', decision, measured });
    if (decision.opened) this.#say({ kind: 'breaker-open' });
    if (decision.restarted && measured !== undefined) await this.#restarted(measured.size);
    this.#seen = measured?.size ?? this.#seen;
    await this.#change(decision);
    if (this.#mustRestore(barred)) await this.restore();
  }

  /**
   * Put the original back now.
   * @returns whether it is in force, or none was noted
   */
  async restore(): Promise<boolean> {
    if (this.#options.barred?.() === 'lease-not-held') return false;
    const { resource, deadlineMs = 1_000 } = this.#options;
    const givenMs = deadlineMs + (resource.actuationDelayMs ?? 0) + restoreGraceMs;
    this.#restoreFromMs = this.#clock.monotonicMs() + restoreRetryMs;
    try {
      let original: number | undefined;
      const size = await this.#within(givenMs, async (signal) => {
        original = (await this.#original.recall())?.size;
        this.#isRecalled = true;
        signal.throwIfAborted();
        // Whose lease it is does not matter where nothing was changed.
        if (original === undefined) return undefined;
        if (this.#options.barred?.() === 'lease-not-held') throw new Error('the lease is gone');
        return this.#original.restore(signal);
      });
      this.#asked = undefined;
      if (size === undefined) return true;
      this.#governor.putBack(size);
      this.#say({ kind: 'restored', size, original: original ?? size });
      return true;
    } catch (error) {
      this.#say({ kind: 'failed', what: 'restore', error });
      return false;
    }
  }

  async #change({ apply, size }: GovernorDecision): Promise<void> {
    if (apply === undefined || size === undefined || this.#isStopping) return;
    let isAsked = false;
    const made = await this.#attempt('apply', async (signal) => {
      await this.#original.note(size, signal);
      // Time, lease or order may have changed while the original was on its way to the disk.
      signal.throwIfAborted();
      if (!this.#mayChange) throw new Error('the right to change it is gone');
      this.#asked = apply;
      isAsked = true;
      await this.#options.resource.apply(apply, signal);
      return true;
    });
    if (made) {
      this.#say({ kind: 'applied', size: apply });
    } else if (this.#governor.applyFailed(this.#clock.monotonicMs(), isAsked) === 'opened') {
      this.#say({ kind: 'breaker-open' });
    }
  }

  get #mayChange(): boolean {
    const isBarred = this.#options.barred?.() !== undefined;
    return !isBarred && this.mode === 'enforce' && !this.#isStopping;
  }

  /**
   * What a restarted resource comes up with is its own, and the new original; unless it is what
   * was in force or asked for: then it has kept that, and the old original counts.
   */
  async #restarted(size: number): Promise<void> {
    // Not changed since this one rules: what is noted is of another, who knew what it asked for.
    if (this.#original.value === undefined) return;
    if (size === this.#asked || size === this.#seen) return;
    this.#asked = undefined;
    this.#say({ kind: 'restarted', size });
    await this.#attempt('originals', () => this.#original.forget());
  }

  /** Others rule it now: what they leave behind is not known here. */
  #leave(): void {
    this.#original.unlearn();
    this.#asked = undefined;
    this.#isRecalled = false;
  }

  /** Whether something was changed that must not be now. */
  #mustRestore(barred: ChangeBar | undefined): boolean {
    if (barred === 'lease-not-held' || this.#isStopping) return false;
    const isRuled = barred === undefined && this.mode === 'enforce' && !this.isBreakerOpen;
    if (isRuled || this.#clock.monotonicMs() < this.#restoreFromMs) return false;
    return !this.#isRecalled || this.#original.value !== undefined;
  }

  /** @returns undefined where it failed or took too long, which was then said */
  async #attempt<T>(
    what: 'measure' | 'apply' | 'originals',
    work: (signal: AbortSignal) => T | Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.#within(this.#options.deadlineMs ?? 1_000, work);
    } catch (error) {
      this.#say({ kind: 'failed', what, error });
      return undefined;
    }
  }

  #within<T>(deadlineMs: number, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const { wait } = this.#options;
    return withinDeadline({ deadlineMs, wait }, work);
  }

  #say(event: ControllerEvent): void {
    this.#options.onEvent?.(event);
  }
}
