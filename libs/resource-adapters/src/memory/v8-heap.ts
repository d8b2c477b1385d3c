import { once } from 'node:events';
import type { HeapInfo } from 'node:v8';
import type { ResourceLimits, Worker } from 'node:worker_threads';
import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource } from '@levitate/resource-sdk';
import { MemoryError } from './memory-error.ts';

const mebibyte = 2 ** 20;

/** @see V8Heap */
export interface V8HeapOptions {
  /** Starts a worker with those limits: the first, and whenever they change. */
  start(limits: ResourceLimits): Worker;
  /** Ends the worker that has been replaced; default: at once, whatever it is doing. */
  retire?: ((worker: Worker) => unknown) | undefined;
  /** Of the first worker, bytes. */
  size: number;
  min: number;
  max: number;
  /** Default `v8-heap`. */
  name?: string | undefined;
}

/**
 * The heap of a worker thread of this process. V8 takes its limit when an isolate is made, so that
 * another size means another worker: it is started first, then the old one is retired. A worker
 * that runs out of memory is replaced, and what it lacked counts as rejected. Node 24 or newer.
 *
 * Need is the most that was in use at a look since the one before: V8 lets garbage pile up only in
 * proportion to what is live.
 */
export class V8Heap implements ManagedResource {
  readonly name: string;
  readonly unit = 'bytes';
  readonly min: number;
  readonly max: number;
  /** Limits of workers are whole mebibytes. */
  readonly quantum = mebibyte;
  readonly #options: V8HeapOptions;
  #worker: Worker;
  #size: number;
  #outOfMemory = 0;
  #toldOutOfMemory = 0;
  #seen: HeapInfo | undefined;

  constructor(options: V8HeapOptions) {
    const { size, min, max, name = 'v8-heap' } = options;
    const isOrdered = min >= mebibyte && min <= size && size <= max && Number.isFinite(max);
    if (!isOrdered) {
      const text = `1 MiB <= min <= size <= max, in bytes, not ${min}, ${size}, ${max}`;
      throw new RangeError(text);
    }
    this.#options = options;
    this.name = name;
    this.min = min;
    this.max = max;
    this.#size = wholeMebibytes(size);
    this.#worker = this.#start(this.#size);
  }

  /** Who is to be given work now. */
  get worker(): Worker {
    return this.#worker;
  }

  /** @throws {MemoryError} `no-worker` */
  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    const seen = await this.#statistics(signal);
    this.#seen = seen;
    const size = (this.#worker.resourceLimits?.maxOldGenerationSizeMb ?? 0) * mebibyte;
    const died = this.#outOfMemory - this.#toldOutOfMemory;
    this.#toldOutOfMemory = this.#outOfMemory;
    // How much more it would have taken is not known: as much as could be had.
    const rejected = died > 0 ? Math.max(0, this.max - size) : 0;
    const need = died > 0 ? size + rejected : seen.used_heap_size;
    return { size, need, rejected, instance: `${process.pid}` };
  }

  async apply(size: number, signal: AbortSignal): Promise<void> {
    const worker = this.#start(wholeMebibytes(size));
    try {
      await once(worker, 'online', { signal });
    } catch (cause) {
      await worker.terminate();
      const text = `no worker with ${size} bytes was started: ${cause}`;
      throw new MemoryError('no-worker', text, { cause });
    }
    const before = this.#worker;
    this.#size = wholeMebibytes(size);
    this.#worker = worker;
    await (this.#options.retire ?? ((old: Worker) => old.terminate()))(before);
  }

  metrics(): Readonly<Record<string, number>> {
    const seen = this.#seen;
    if (seen === undefined) return { outOfMemory: this.#outOfMemory };
    return {
      outOfMemory: this.#outOfMemory,
      usedBytes: seen.used_heap_size,
      committedBytes: seen.total_heap_size,
      externalBytes: seen.external_memory,
      fragmentationRatio: 1 - seen.used_heap_size / seen.total_heap_size,
    };
  }

  /** Ends the worker. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    worker.removeAllListeners('error');
    worker.on('error', () => {});
    await worker.terminate();
  }

  #start(size: number): Worker {
    const worker = this.#options.start({ maxOldGenerationSizeMb: size / mebibyte });
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return;
      this.#outOfMemory++;
      if (worker === this.#worker) this.#worker = this.#start(this.#size);
    });
    return worker;
  }

  async #statistics(signal: AbortSignal): Promise<HeapInfo> {
    try {
      signal.throwIfAborted();
      return await this.#worker.getHeapStatistics();
    } catch (cause) {
      const text = `the worker does not say how its heap is: ${cause}; Node 24 or newer can ask`;
      throw new MemoryError('no-worker', text, { cause });
    }
  }
}

function wholeMebibytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / mebibyte)) * mebibyte;
}
