import { PerformanceObserver } from 'node:perf_hooks';

/** Counts the pauses of this process's collector above a bound, from when it is made on. */
export class LongPauses {
  #count = 0;

  /** @param boundMs milliseconds */
  constructor(boundMs: number) {
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) if (duration > boundMs) this.#count += 1;
    });
    observer.observe({ entryTypes: ['gc'] });
  }

  get count(): number {
    return this.#count;
  }

  /** What came before was warming up. */
  forget(): void {
    this.#count = 0;
  }
}
