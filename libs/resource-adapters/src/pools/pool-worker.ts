import { Worker } from 'node:worker_threads';

/** A task that a worker is at, or that waits for one. */
export interface PoolTask {
  input: unknown;
  resolve: (output: unknown) => void;
  reject: (error: unknown) => void;
  /** Monotonic time at which it came, ms. */
  cameMs: number;
}

/** What a worker tells its pool. */
export interface PoolWorkerEvents {
  /** It can take a task: it has started, or is done with one. */
  onFree: (worker: PoolWorker) => void;
  /** It is gone without having been told to. */
  onGone: (worker: PoolWorker, cause: unknown) => void;
}

/** One worker thread, one task at a time. */
export class PoolWorker {
  readonly #worker: Worker;
  readonly #events: PoolWorkerEvents;
  #task: PoolTask | undefined;
  #isStarted = false;
  #isEnded = false;
  #fault: unknown;
  /** It ends when it is done with its task. */
  isRetiring = false;

  constructor(module: URL, events: PoolWorkerEvents) {
    this.#events = events;
    this.#worker = new Worker(new URL('./worker-main.mjs', import.meta.url), {
      workerData: { module: module.href },
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#hear(message));
    this.#worker.on('messageerror', (fault) => this.#finish({ error: fault }));
    this.#worker.on('error', (fault) => {
      this.#fault = fault;
    });
    this.#worker.on('exit', (code) => {
      if (this.#isEnded) return;
      this.#isEnded = true;
      this.#events.onGone(this, this.#fault ?? new Error(`the worker exited with code ${code}`));
    });
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get task(): PoolTask | undefined {
    return this.#task;
  }

  get isFree(): boolean {
    return this.#isStarted && this.#task === undefined && !this.#isEnded;
  }

  /** @throws DataCloneError: the input cannot go to another thread; the worker stays free */
  give(task: PoolTask): void {
    this.#worker.postMessage({ input: task.input });
    this.#task = task;
  }

  /** Processor time since it started, microseconds. It answers when its task lets it. */
  async cpuUs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return user + system;
  }

  /** At once, whatever it is at. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#worker.terminate();
  }

  #hear(message: WorkerMessage): void {
    if (this.#isEnded) return;
    if (message.kind === 'ready') {
      this.#isStarted = true;
      this.#events.onFree(this);
    } else {
      this.#finish(message);
    }
  }

  #finish(outcome: { output?: unknown; error?: unknown }): void {
    const task = this.#task;
    this.#task = undefined;
    if (outcome.error !== undefined) task?.reject(outcome.error);
    else task?.resolve(outcome.output);
    this.#events.onFree(this);
  }
}

type WorkerMessage = { kind: 'ready' } | { kind: 'done'; output?: unknown; error?: unknown };
