import type { PoolTask } from './pool-worker.ts';

/** Tasks in order of arrival; those that wait too long are handed back. */
export class TaskQueue {
  readonly #tasks = new Set<PoolTask>();
  readonly #waitMsMax: number;
  readonly #onLate: (task: PoolTask) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param waitMsMax may be infinite */
  constructor(waitMsMax: number, onLate: (task: PoolTask) => void) {
    this.#waitMsMax = waitMsMax;
    this.#onLate = onLate;
  }

  get length(): number {
    return this.#tasks.size;
  }

  /** The one that has waited longest. */
  get first(): PoolTask | undefined {
    const [first] = this.#tasks;
    return first;
  }

  push(task: PoolTask): void {
    this.#tasks.add(task);
    this.#watch();
  }

  /** @returns whether it was still there */
  remove(task: PoolTask): boolean {
    return this.#tasks.delete(task);
  }

  clear(): PoolTask[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = [...this.#tasks];
    this.#tasks.clear();
    return all;
  }

  /** One timer for all: who came first is late first. */
  #watch(): void {
    const { first } = this;
    if (this.#timer !== undefined || first === undefined || this.#waitMsMax === Infinity) return;
    const dueMs = first.cameMs + this.#waitMsMax - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        const nowMs = performance.now();
        for (const task of this.#tasks) {
          if (nowMs - task.cameMs < this.#waitMsMax) break;
          this.#tasks.delete(task);
          this.#onLate(task);
        }
        this.#watch();
      },
      Math.max(1, dueMs),
    ).unref();
  }
}
