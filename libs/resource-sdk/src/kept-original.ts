import { type Delay, realDelay } from './deadline.ts';
import type { ManagedResource, NotedOriginal } from './managed-resource.ts';
import type { OriginalStore } from './original-store.ts';

/** Looks at a resource that was put back, until it shows it, milliseconds apart. */
const readBackMs = 50;

/**
 * What one resource was before its first change: noted durably before that, put back with a look
 * whether it holds, forgotten only then.
 */
export class KeptOriginal {
  readonly #resource: ManagedResource;
  readonly #store: OriginalStore;
  readonly #wait: Delay;
  #original: NotedOriginal | undefined;
  /** Whether it was written from here: what a process that died has left may not be synced. */
  #isWritten = false;
  /** An answer of the store to a question from before is not believed. */
  #unlearned = 0;

  constructor(resource: ManagedResource, store: OriginalStore, wait: Delay = realDelay) {
    this.#resource = resource;
    this.#store = store;
    this.#wait = wait;
  }

  /** As far as is known; `recall` asks the store. */
  get value(): NotedOriginal | undefined {
    return this.#original;
  }

  /** What an earlier run, or another controller, left noted. */
  async recall(): Promise<NotedOriginal | undefined> {
    if (this.#original !== undefined) return this.#original;
    const asked = this.#unlearned;
    const noted = await this.#store.read(this.#resource.name);
    if (asked !== this.#unlearned) throw outOfDate();
    this.#original ??= noted;
    return this.#original;
  }

  /** Before the first change; what is noted already stays. @param size in force before it */
  async note(size: number, signal: AbortSignal): Promise<void> {
    const noted = await this.recall();
    if (this.#isWritten) return;
    const original = noted ?? (await this.#found(size, signal));
    signal.throwIfAborted();
    const asked = this.#unlearned;
    await this.#store.write(this.#resource.name, original);
    if (asked !== this.#unlearned) throw outOfDate();
    this.#original = original;
    this.#isWritten = true;
  }

  /** Others may have put it back or noted another one meanwhile: ask the store next time. */
  unlearn(): void {
    this.#unlearned += 1;
    this.#original = undefined;
    this.#isWritten = false;
  }

  /** It is the resource's own size again that stands there. */
  async forget(): Promise<void> {
    // A removal that fails may have been made.
    this.#isWritten = false;
    await this.#store.remove(this.#resource.name);
    this.unlearn();
  }

  /**
   * Put it back, and forget it once a measurement shows that it is.
   * @returns the size in force again; undefined: nothing was noted
   * @throws whatever keeps it from that: it stays noted
   */
  async restore(signal: AbortSignal): Promise<number | undefined> {
    const original = await this.recall();
    if (original === undefined) return undefined;
    const resource = this.#resource;
    if (resource.restore === undefined) await resource.apply(original.size, signal);
    const put = await resource.restore?.(original, signal);
    const size = put ?? original.size;
    while (!this.#holds(size, (await resource.measure(signal)).size)) {
      await this.#wait(readBackMs, signal);
    }
    await this.forget();
    return size;
  }

  async #found(size: number, signal: AbortSignal): Promise<NotedOriginal> {
    const snapshot = await this.#resource.snapshot?.(signal);
    return snapshot === undefined ? { size } : { size, snapshot };
  }

  /** To half a quantum: sizes that come back may be rounded. */
  #holds(wanted: number, size: number): boolean {
    return Math.abs(size - wanted) <= (this.#resource.quantum ?? 1) / 2;
  }
}

function outOfDate(): Error {
  return new Error('the store answered too late: others may have ruled meanwhile');
}
