import type { Sample, TimedSample } from '@levitate/series';

/**
 * Samples on their way to a store that may be away: bounded, oldest dropped first and counted.
 * Whoever offered samples can wait until they have left, for better or worse.
 */
export class PendingSamples<S extends TimedSample = Sample> {
  readonly #samplesMax: number;
  #samples: S[] = [];
  #offered = 0;
  #written = 0;
  #lost = 0;
  #waiters: { settled: number; resolve: () => void }[] = [];
  #wake: (() => void) | undefined;

  /** @param samplesMax at least 1 */
  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  get size(): number {
    return this.#samples.length;
  }

  /** Dropped because there was no room, or given up by the writer, since the start. */
  get lost(): number {
    return this.#lost;
  }

  offer(samples: readonly S[]): void {
    this.#offered += samples.length;
    for (const sample of samples) this.#samples.push(sample);
    this.#dropBeyondBound();
    this.#wake?.();
  }

  /** The oldest ones, out of the queue until `written`, `giveUp` or `putBack` says how it went. */
  take(samplesMax: number): S[] {
    return this.#samples.splice(0, samplesMax);
  }

  /** Back in front, for another attempt. */
  putBack(samples: readonly S[]): void {
    this.#samples = [...samples, ...this.#samples];
    this.#dropBeyondBound();
  }

  written(count: number): void {
    this.#written += count;
    this.#settle();
  }

  giveUp(count: number): void {
    this.#lost += count;
    this.#settle();
  }

  /** Resolves as soon as anything waits, or at `wake`. */
  arrival(): Promise<void> {
    if (this.#samples.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Lets whoever waits for an arrival look around. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when everything offered so far was written or lost, or at `release`. */
  settled(): Promise<void> {
    const settled = this.#offered;
    if (this.#written + this.#lost >= settled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ settled, resolve });
    });
  }

  /** Lets whoever waits for samples to settle go on without. */
  release(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #settle(): void {
    const done = this.#written + this.#lost;
    while (this.#waiters[0] !== undefined && this.#waiters[0].settled <= done) {
      this.#waiters.shift()?.resolve();
    }
  }

  #dropBeyondBound(): void {
    const beyond = this.#samples.length - this.#samplesMax;
    if (beyond <= 0) return;
    this.#samples.splice(0, beyond);
    this.giveUp(beyond);
  }
}
