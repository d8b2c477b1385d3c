import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much of its time this thread spends in collections of V8; one for each thread. */
export class GcPressure {
  readonly #observer: PerformanceObserver;
  #collectedMs = 0;
  #sinceMs = performance.now();

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#collectedMs += duration;
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Share of the time since it was asked last, 0 to 1. */
  take(): number {
    const nowMs = performance.now();
    const passedMs = nowMs - this.#sinceMs;
    const share = passedMs > 0 ? Math.min(1, this.#collectedMs / passedMs) : 0;
    this.#collectedMs = 0;
    this.#sinceMs = nowMs;
    return share;
  }

  stop(): void {
    this.#observer.disconnect();
  }
}

/** Collects the whole heap of this thread now; it stands still meanwhile. */
export function collectV8(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
