import { strict as assert } from 'node:assert';
import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource } from '@levitate/resource-sdk';
import { CpuOfWorkers } from './cpu-of-workers.ts';
import type { WorkerPool } from './worker-pool.ts';

/** @see WorkerPoolResource */
export interface WorkerPoolResourceOptions {
  pool: Pick<WorkerPool<never, unknown>, 'size' | 'state' | 'workers' | 'resize' | 'takeTally'>;
  min: number;
  max: number;
  /** Default `worker-pool`. */
  name?: string | undefined;
  /** Until a worker has started, ms; default 100. */
  actuationDelayMs?: number | undefined;
}

/** A pool of workers in this process, for a controller in this process. It ends with it. */
export class WorkerPoolResource implements ManagedResource {
  readonly name: string;
  readonly unit = 'threads';
  readonly min: number;
  readonly max: number;
  readonly actuationDelayMs: number;
  readonly #pool: WorkerPoolResourceOptions['pool'];
  readonly #cpu = new CpuOfWorkers();
  #rejected = 0;

  constructor({ pool, min, max, name, actuationDelayMs = 100 }: WorkerPoolResourceOptions) {
    assert(Number.isInteger(min) && min >= 1, `min is a whole number from 1, got ${min}`);
    assert(Number.isInteger(max) && max >= min, `max is a whole number from min, got ${max}`);
    this.#pool = pool;
    this.min = min;
    this.max = max;
    this.name = name ?? 'worker-pool';
    this.actuationDelayMs = actuationDelayMs;
  }

  /** The wait is that of the tasks which got a worker, or of the first that still has none. */
  measure(): ResourceMeasurement {
    const pool = this.#pool;
    const { need, rejected, delayS } = pool.takeTally();
    this.#rejected += rejected;
    this.#cpu.look(pool.workers);
    const waitingS = pool.state.oldestQueuedMs / 1_000;
    return { size: pool.size, need, rejected, delayS: Math.max(delayS, waitingS) };
  }

  apply(size: number): void {
    this.#pool.resize(size);
  }

  metrics(): Readonly<Record<string, number>> {
    const { workers, starting, busy, queued, oldestQueuedMs, crashes } = this.#pool.state;
    return {
      workers,
      starting,
      busy,
      queued,
      oldestQueuedS: oldestQueuedMs / 1_000,
      cpuCores: this.#cpu.cores,
      crashesTotal: crashes,
      rejectedTotal: this.#rejected,
    };
  }
}
