import type { Clock } from '@levitate/clock';
import { type Delay, withinDeadline } from '../deadline.ts';
import { KeptOriginal } from '../kept-original.ts';
import type { ManagedResource, NotedOriginal } from '../managed-resource.ts';
import type { OriginalStore } from '../original-store.ts';
import { ResourceRefusal, wordsOf } from './resource-refusal.ts';

/** Time beyond its delay in which a resource shows that it was put back, ms. */
const restoreGraceMs = 2_000;

/** A change that hangs for longer is believed never to come true, ms. */
const hangMsMax = 60_000;

/** Why an original was put back. */
export type RestoreReason = 'released' | 'lapsed' | 'asked' | 'stop' | 'restart';

/** One restore, or an attempt at one. */
export interface RestoreEvent {
  name: string;
  reason: RestoreReason;
  /** That is in force, or that was to be. */
  size: number;
  /** Why it failed; it is tried again. Undefined: the original is in force. */
  error: unknown;
}

/** What a restore came to. */
export interface RestoreOutcome {
  /** What is in force: the original, or the nearest there can be; undefined: none was noted. */
  size?: number | undefined;
  /** Why it does not hold; undefined: it does. */
  failure?: string;
}

/** @see ServedOriginal */
export interface ServedOriginalOptions {
  resource: ManagedResource;
  originals: OriginalStore;
  clock: Clock;
  /** Longest time a look or a change may take, ms. */
  deadlineMs: number;
  wait?: Delay | undefined;
  onRestore: (event: RestoreEvent) => void;
}

/**
 * The original of a resource under a server that outlives hung changes and restarts of it. What is
 * noted is forgotten only by a restore that is under way and holds: not by one whose time was up,
 * and not while a change hangs that may yet come true. Its methods are called in turn.
 */
export class ServedOriginal {
  readonly #options: ServedOriginalOptions;
  readonly #kept: KeptOriginal;
  /** When changes began that have not come to an end, though their time may have been up. */
  readonly #hanging = new Set<{ sinceMs: number }>();
  #mayForget = false;
  /** It is put back, but noted still: the record could not be changed. */
  #isBack = false;
  #isOfAnotherRun = false;

  constructor(options: ServedOriginalOptions) {
    const { resource, originals, wait } = options;
    this.#options = options;
    const store: OriginalStore = {
      read: (name) => originals.read(name),
      write: (name, original) => originals.write(name, original),
      remove: async (name) => {
        if (!this.#mayForget) throw new Error('its time was up');
        if (this.#mayComeTrue()) throw new Error('a change of it has not come to an end');
        this.#isBack = true;
        await originals.remove(name);
        this.#isBack = false;
      },
    };
    this.#kept = new KeptOriginal(resource, store, wait);
  }

  /** What will be put back; undefined: nothing was changed. */
  get value(): NotedOriginal | undefined {
    return this.#isOfAnotherRun || this.#isBack ? undefined : this.#kept.value;
  }

  /** Whether the record holds anything, be it put back or of another run. */
  get isNoted(): boolean {
    return this.#kept.value !== undefined;
  }

  /** What an earlier run of the server left. */
  recall(): Promise<NotedOriginal | undefined> {
    return this.#kept.recall();
  }

  /** The resource was restarted: what it came up with is its own, and what was noted is not. */
  restarted(): void {
    this.#isOfAnotherRun = this.#kept.value !== undefined;
  }

  /** Before the first change; what is noted already stays. @throws ResourceRefusal */
  async note(size: number): Promise<void> {
    try {
      if (this.#isOfAnotherRun || this.#isBack) await this.forget();
      await this.#within('noted', (signal) => this.#kept.note(size, signal));
    } catch (cause) {
      const message = `nothing is changed, because the original is not noted: ${wordsOf(cause)}`;
      throw new ResourceRefusal({ code: 'STATE_NOT_DURABLE', message, cause });
    }
  }

  /** Put another size in force. @throws ResourceRefusal */
  change(size: number): Promise<void> {
    const { resource, clock } = this.#options;
    return this.#within('changed', async (signal) => {
      this.#isBack = false;
      const change = { sinceMs: clock.monotonicMs() };
      this.#hanging.add(change);
      try {
        await resource.apply(size, signal);
      } finally {
        this.#hanging.delete(change);
      }
    });
  }

  /** Put it back and look whether it holds. */
  async restore(reason: RestoreReason): Promise<RestoreOutcome> {
    const { resource, deadlineMs, onRestore } = this.#options;
    const { name, actuationDelayMs = 0 } = resource;
    const noted = this.value?.size;
    const tell = (error: unknown, size = noted) =>
      size !== undefined && onRestore({ name, reason, size, error });
    try {
      if (this.#isOfAnotherRun || this.#isBack) await this.forget();
      this.#mayForget = true;
      const size = await this.#within(
        'put back',
        (signal) => this.#kept.restore(signal),
        deadlineMs + actuationDelayMs + restoreGraceMs,
      );
      tell(undefined, size);
      return { size };
    } catch (error) {
      tell(error);
      return { failure: wordsOf(error) };
    } finally {
      this.#mayForget = false;
    }
  }

  /** What stands there is the resource's own again. @throws whatever keeps the record from it */
  async forget(): Promise<void> {
    this.#mayForget = true;
    try {
      await this.#kept.forget();
      this.#isOfAnotherRun = false;
    } finally {
      this.#mayForget = false;
    }
  }

  #mayComeTrue(): boolean {
    const fromMs = this.#options.clock.monotonicMs() - hangMsMax;
    return [...this.#hanging].some(({ sinceMs }) => sinceMs > fromMs);
  }

  async #within<T>(
    doing: string,
    work: (signal: AbortSignal) => T | Promise<T>,
    deadlineMs = this.#options.deadlineMs,
  ): Promise<T> {
    try {
      return await withinDeadline({ deadlineMs, wait: this.#options.wait }, work);
    } catch (cause) {
      throw ResourceRefusal.ofResource(this.#options.resource.name, doing, cause);
    }
  }
}
