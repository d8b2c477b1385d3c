import { strict as assert } from 'node:assert';
import { availableParallelism } from 'node:os';
import { PoolTally, type PoolTallyReading } from './pool-tally.ts';
import { type PoolTask, PoolWorker } from './pool-worker.ts';
import { TaskQueue } from './task-queue.ts';
import { WorkerPoolError, type WorkerPoolErrorCode } from './worker-pool-error.ts';

/** @see WorkerPool */
export interface WorkerPoolOptions {
  /** Module whose default export does a task: a function of its input, asynchronous or not. */
  module: URL;
  /** Workers to begin with; at least 1. */
  size: number;
  /** Tasks that may wait for a worker; default 1,000. */
  queueMax?: number | undefined;
  /** Longest wait for a worker, ms; default no bound. */
  waitMsMax?: number | undefined;
}

/** What a pool is doing now. */
export interface WorkerPoolState {
  /** Threads, those that start and those that end after their task included. */
  workers: number;
  /** Workers that it should have and that cannot take a task yet. */
  starting: number;
  busy: number;
  queued: number;
  /** How long the first in the queue has waited, ms. */
  oldestQueuedMs: number;
  /** Workers that ended by themselves, since the start. */
  crashes: number;
}

/** Starts in a row that may fail before tasks are failed for it. */
const startFailuresMax = 3;
/**
 * Workers that start at once. A start keeps a core busy: more of them would all be ready late, and
 * hold up whoever hands out the tasks.
 */
const startingMax = availableParallelism();

/**
 * Worker threads that take tasks from one queue, and whose number can be changed at any time: a
 * new one takes its first task once it has started (some 50 ms of a core, and no more at once than
 * there are cores), one too many ends when it is done. A worker that crashes is replaced; only the
 * task it was at is lost.
 */
export class WorkerPool<Input, Output> {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<PoolWorker>();
  readonly #queue: TaskQueue;
  readonly #tally = new PoolTally();
  #size: number;
  #crashes = 0;
  #startFailures = 0;
  #isClosed = false;

  constructor(options: WorkerPoolOptions) {
    const { size, waitMsMax = Number.POSITIVE_INFINITY } = options;
    assertSize(size);
    this.#options = options;
    this.#size = size;
    this.#queue = new TaskQueue(waitMsMax, (task) => this.#turnAway(task, 'queue-timeout'));
    this.#fill(size);
  }

  /** Workers it has been told to have. */
  get size(): number {
    return this.#size;
  }

  /** The threads, for their own figures. */
  get workers(): ReadonlySet<PoolWorker> {
    return this.#workers;
  }

  get state(): WorkerPoolState {
    const { first } = this.#queue;
    return {
      workers: this.#workers.size,
      starting: this.#starting + this.#missing,
      busy: this.#busy,
      queued: this.#queue.length,
      oldestQueuedMs: first === undefined ? 0 : performance.now() - first.cameMs,
      crashes: this.#crashes,
    };
  }

  /**
   * One task. @param signal ends it: taken from the queue, or its worker ended with it
   * @returns what the module's function returned, or throws what it threw
   * @throws {WorkerPoolError}
   */
  run(input: Input, signal?: AbortSignal): Promise<Output> {
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    const task: PoolTask = {
      input,
      resolve: resolve as (output: unknown) => void,
      reject,
      cameMs: performance.now(),
    };
    this.#take(task, signal);
    if (signal === undefined) return promise;
    const onAbort = () => this.#abort(task, signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Have so many workers from now on. */
  resize(size: number): void {
    assertSize(size);
    this.#size = size;
    if (this.#isClosed) return;
    const all = [...this.#workers];
    // Those that would have ended stay first; then those go first that are of no use yet.
    for (const worker of all) worker.isRetiring = false;
    const rank = (worker: PoolWorker) => (worker.task !== undefined ? 2 : worker.isStarted ? 1 : 0);
    const surplus = all.toSorted((one, other) => rank(one) - rank(other));
    for (const worker of surplus.slice(0, Math.max(0, all.length - size))) {
      if (worker.task === undefined) this.#dismiss(worker);
      else worker.isRetiring = true;
    }
    this.#fill(size);
  }

  /** What happened since this was asked last; one reader. */
  takeTally(): PoolTallyReading {
    return this.#tally.take(this.#inside);
  }

  /** End all workers at once; what waits or is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#workers];
    const tasks = [...this.#queue.clear(), ...all.flatMap(({ task }) => task ?? [])];
    this.#workers.clear();
    for (const task of tasks) task.reject(poolClosed());
    await Promise.all(all.map((worker) => worker.end()));
  }

  get #busy(): number {
    let busy = 0;
    for (const { task } of this.#workers) if (task !== undefined) busy += 1;
    return busy;
  }

  get #starting(): number {
    let starting = 0;
    for (const { isStarted } of this.#workers) if (!isStarted) starting += 1;
    return starting;
  }

  /** Whose turn to start has not come. */
  get #missing(): number {
    const isGivenUp = this.#isClosed || this.#startFailures >= startFailuresMax;
    return isGivenUp ? 0 : Math.max(0, this.#size - this.#workers.size);
  }

  get #inside(): number {
    return this.#busy + this.#queue.length;
  }

  #take(task: PoolTask, signal: AbortSignal | undefined): void {
    const { queueMax = 1_000 } = this.#options;
    if (this.#isClosed) task.reject(poolClosed());
    else if (signal?.aborted === true) task.reject(aborted(signal.reason));
    else if (this.#queue.length >= queueMax && !this.#hasFree()) this.#turnAway(task, 'queue-full');
    else {
      this.#queue.push(task);
      this.#dispatch();
      this.#tally.sees(this.#inside);
      // Workers that failed to start are missing; one is tried, the others follow if it does.
      if (this.#workers.size === 0) this.#fill(1);
    }
  }

  #hasFree(): boolean {
    return [...this.#workers].some(({ isFree }) => isFree);
  }

  #dispatch(): void {
    if (this.#queue.length === 0) return;
    for (const worker of this.#workers) {
      const task = this.#queue.first;
      if (task === undefined) return;
      if (!worker.isFree) continue;
      this.#queue.remove(task);
      this.#give(worker, task);
    }
  }

  #give(worker: PoolWorker, task: PoolTask): void {
    try {
      worker.give(task);
    } catch (cause) {
      task.reject(cause);
      return;
    }
    this.#tally.waited(performance.now() - task.cameMs);
  }

  #fill(size: number): void {
    while (this.#workers.size < size && this.#starting < startingMax) {
      const worker: PoolWorker = new PoolWorker(this.#options.module, {
        onFree: () => this.#freed(worker),
        onGone: (_, cause) => this.#lost(worker, cause),
      });
      this.#workers.add(worker);
    }
  }

  #freed(worker: PoolWorker): void {
    if (!this.#workers.has(worker)) return;
    this.#startFailures = 0;
    if (worker.isRetiring) this.#dismiss(worker);
    // Who waits comes before the next start, which takes this thread a millisecond.
    this.#dispatch();
    this.#fill(this.#size);
  }

  /** It ended by itself. */
  #lost(worker: PoolWorker, cause: unknown): void {
    this.#workers.delete(worker);
    this.#crashes += 1;
    worker.task?.reject(crashed(cause));
    if (!worker.isStarted) this.#startFailures += 1;
    if (this.#startFailures < startFailuresMax) this.#fill(this.#size);
    else if (this.#workers.size === 0) {
      for (const task of this.#queue.clear()) task.reject(startFailed(this.#options.module, cause));
    }
  }

  #abort(task: PoolTask, reason: unknown): void {
    task.reject(aborted(reason));
    if (this.#queue.remove(task)) return;
    const worker = [...this.#workers].find((each) => each.task === task);
    // JavaScript cannot be interrupted from outside: only its thread can be ended.
    if (worker === undefined) return;
    this.#dismiss(worker);
    this.#fill(this.#size);
  }

  #dismiss(worker: PoolWorker): void {
    this.#workers.delete(worker);
    void worker.end();
  }

  #turnAway(task: PoolTask, code: 'queue-full' | 'queue-timeout'): void {
    this.#tally.rejects(this.#inside);
    task.reject(turnedAway(code, this.#options));
  }
}

function assertSize(size: number): void {
  assert(Number.isInteger(size) && size >= 1, `a pool has a whole number of workers, got ${size}`);
}

function turnedAway(code: WorkerPoolErrorCode, options: WorkerPoolOptions): WorkerPoolError {
  const { queueMax = 1_000, waitMsMax } = options;
  const next = 'try later, or give the pool more workers';
  if (code === 'queue-full') {
    return new WorkerPoolError({ code, why: `${queueMax} tasks wait already (queueMax)`, next });
  }
  return new WorkerPoolError({ code, why: `no worker within ${waitMsMax} ms (waitMsMax)`, next });
}

function aborted(cause: unknown): WorkerPoolError {
  const next = 'see the cause';
  return new WorkerPoolError({ code: 'aborted', why: 'the task was aborted', next, cause });
}

function crashed(cause: unknown): WorkerPoolError {
  const why = 'the worker that was at this task ended';
  const next = 'see the cause; another worker takes its place';
  return new WorkerPoolError({ code: 'worker-crashed', why, next, cause });
}

function startFailed(module: URL, cause: unknown): WorkerPoolError {
  const why = `no worker starts with ${module.href}`;
  const next = 'see the cause; its default export has to be a function';
  return new WorkerPoolError({ code: 'start-failed', why, next, cause });
}

function poolClosed(): WorkerPoolError {
  return new WorkerPoolError({ code: 'closed', why: 'the pool is closed', next: 'make another' });
}
