/** One part of a service that must work before the service is ready. */
export interface Component {
  readonly name: string;
  readonly ok: boolean;
  /** Why it is not ok; empty when it is. */
  readonly why: string;
}

/** Parts a service may have; more is a programming error. */
const componentsMax = 256;

/**
 * Whether a service is ready, part by part. `/readyz` shows it, gRPC health follows it. A service
 * that was told to stop is never ready again.
 */
export class Readiness {
  #components = new Map<string, Component>();
  #listeners = new Set<(isReady: boolean) => void>();
  #isStopping = false;
  #wasReady = false;

  /** States one part. @param why required when it is not ok */
  set(component: string, ok: boolean, why = ''): void {
    if (!this.#components.has(component) && this.#components.size >= componentsMax) {
      throw new RangeError(`more than ${componentsMax} components`);
    }
    this.#components.set(component, { name: component, ok, why: ok ? '' : why });
    this.#tell();
  }

  /** From now on not ready. */
  stop(): void {
    this.#isStopping = true;
    this.#tell();
  }

  /** Every part works, and there is one. */
  get isReady(): boolean {
    return (
      !this.#isStopping &&
      this.#components.size > 0 &&
      [...this.#components.values()].every(({ ok }) => ok)
    );
  }

  /** All parts, in the order they were first stated. */
  get components(): readonly Component[] {
    const stopping = { name: 'service', ok: false, why: 'stopping' };
    const all = [...this.#components.values()];
    return this.#isStopping ? [...all.filter(({ name }) => name !== 'service'), stopping] : all;
  }

  /** Calls `listener` at once and at every change between ready and not. */
  watch(listener: (isReady: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.isReady);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    const { isReady } = this;
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    for (const listener of this.#listeners) listener(isReady);
  }
}
