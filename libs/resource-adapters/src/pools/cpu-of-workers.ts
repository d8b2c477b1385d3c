import type { PoolWorker } from './pool-worker.ts';

/** Time between two looks, ms: a look costs a message to and from each worker. */
const lookMs = 1_000;

interface Seen {
  atMs: number;
  cpuUs: number;
}

/**
 * What the workers of a pool use of the processors. A worker that is at a task which never lets go
 * (`Atomics.wait`, native code) answers late, so nobody waits for it: its last figure stands.
 */
export class CpuOfWorkers {
  readonly #seen = new Map<PoolWorker, { last: Seen | undefined; cores: number }>();
  readonly #asked = new Set<PoolWorker>();
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** Ask them, unless that was done less than a second ago. */
  look(workers: ReadonlySet<PoolWorker>): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs < lookMs) return;
    this.#lookedMs = nowMs;
    for (const known of [...this.#seen.keys()]) if (!workers.has(known)) this.#seen.delete(known);
    for (const worker of workers) if (worker.isStarted) void this.#ask(worker);
  }

  /** Cores that all of them used together. */
  get cores(): number {
    let sum = 0;
    for (const { cores } of this.#seen.values()) sum += cores;
    return sum;
  }

  async #ask(worker: PoolWorker): Promise<void> {
    if (this.#asked.has(worker)) return;
    this.#asked.add(worker);
    try {
      const cpuUs = await worker.cpuUs();
      const now = { atMs: performance.now(), cpuUs };
      const last = this.#seen.get(worker)?.last;
      const cores =
        last === undefined ? 0 : (now.cpuUs - last.cpuUs) / 1_000 / (now.atMs - last.atMs);
      this.#seen.set(worker, { last: now, cores });
    } catch {
      // It has ended meanwhile.
      this.#seen.delete(worker);
    } finally {
      this.#asked.delete(worker);
    }
  }
}
