import type { Clock } from '@levitate/clock';
import {
  type GovernorDecision,
  type GovernorSettings,
  type Mode,
  ResourceGovernor,
  type ResourceMeasurement,
} from '@levitate/control';
import { systemClock } from '@levitate/service-kit';
import type { ManagedResource } from './managed-resource.ts';
import { type OriginalStore, OriginalsInMemory } from './original-store.ts';

/** What a controller says while it rules. */
export type ControllerEvent =
  | { kind: 'decision'; decision: GovernorDecision }
  /** A size was put in force. */
  | { kind: 'applied'; size: number }
  /** Measuring or changing failed, or took too long. */
  | { kind: 'failed'; what: 'measure' | 'apply' | 'restore'; error: unknown }
  /** Control has stopped after repeated failures; the original is put back. */
  | { kind: 'breaker-open' }
  /** The original is in force again. */
  | { kind: 'restored'; size: number };

/** @see Controller */
export interface ControllerOptions extends Omit<GovernorSettings, keyof ManagedResource> {
  resource: ManagedResource;
  /** Longest time a measurement or a change may take, ms; default 1,000. */
  deadlineMs?: number | undefined;
  /** Where the original is noted before the first change; default in memory. */
  originals?: OriginalStore | undefined;
  /** Told of everything; default nobody. */
  onEvent?: ((event: ControllerEvent) => void) | undefined;
  /** Default the clocks of this machine. */
  clock?: Clock | undefined;
}

/**
 * Rules one resource from within its own process: measures it every period, asks the law, changes
 * it within the envelope, reads back what came of it. The size it found is noted before the first
 * change, and put back when it stops, and when failures open the breaker.
 *
 * An original that is found noted belongs to a run that crashed: it is that one which counts, not
 * the size that was left behind.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #governor: ResourceGovernor;
  readonly #originals: OriginalStore;
  readonly #clock: Clock;
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #original: number | undefined;
  #isStopping = false;

  constructor(options: ControllerOptions) {
    const { resource } = options;
    const { min, max, quantum, actuationDelayMs } = resource;
    this.#options = options;
    this.#governor = new ResourceGovernor({ ...options, min, max, quantum, actuationDelayMs });
    this.#originals = options.originals ?? new OriginalsInMemory();
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

  setMode(mode: Mode): void {
    this.#governor.setMode(mode);
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
    await this.#restore();
    this.#isStopping = false;
  }

  /** One period; `start` calls it. */
  async tick(): Promise<void> {
    const measured = await this.#measured();
    const decision = this.#governor.step({ nowMs: this.#clock.monotonicMs(), measured });
    this.#say({ kind: 'decision', decision });
    if (decision.opened) await this.#open();
    const { apply, size } = decision;
    if (apply === undefined || size === undefined || this.#isStopping) return;
    const isMade = await this.#attempt('apply', async (signal) => {
      await this.#note(size);
      await this.#options.resource.apply(apply, signal);
    });
    if (isMade) this.#say({ kind: 'applied', size: apply });
    else if (this.#governor.applyFailed(this.#clock.monotonicMs()) === 'opened') await this.#open();
  }

  async #measured(): Promise<ResourceMeasurement | undefined> {
    let measured: ResourceMeasurement | undefined;
    await this.#attempt('measure', async (signal) => {
      measured = await this.#options.resource.measure(signal);
    });
    return measured;
  }

  /** The size before the first change; the one already noted stays. */
  async #note(size: number): Promise<void> {
    if (this.#original !== undefined) return;
    const { name } = this.#options.resource;
    const noted = await this.#originals.read(name);
    if (noted === undefined) await this.#originals.write(name, size);
    this.#original = noted ?? size;
  }

  async #open(): Promise<void> {
    this.#say({ kind: 'breaker-open' });
    await this.#restore();
  }

  /** The original back, and forgotten once it is: what cannot be put back stays noted. */
  async #restore(): Promise<void> {
    const { resource } = this.#options;
    const size = this.#original ?? (await this.#originals.read(resource.name));
    if (size === undefined) return;
    const isMade = await this.#attempt('restore', async (signal) => {
      await resource.apply(size, signal);
      await this.#originals.remove(resource.name);
    });
    if (!isMade) return;
    this.#original = undefined;
    this.#say({ kind: 'restored', size });
  }

  /** @returns whether it was done in time */
  async #attempt(
    what: 'measure' | 'apply' | 'restore',
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    const { deadlineMs = 1_000 } = this.#options;
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`no answer within ${deadlineMs} ms`);
        late.abort(error);
        reject(error);
      }, deadlineMs);
    });
    try {
      await Promise.race([work(late.signal), deadline]);
      return true;
    } catch (error) {
      this.#say({ kind: 'failed', what, error });
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #say(event: ControllerEvent): void {
    this.#options.onEvent?.(event);
  }
}
