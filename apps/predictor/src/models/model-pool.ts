import { type ModelContent, ModelError, type ModelErrorCode } from '@levitate/models';
import { Piscina } from 'piscina';
import { lateForecast, tooManyForecasts, unreadableWindow } from '../errors.ts';
import type { ThreadData } from './model-thread.ts';
import type { ModelAnswer, ModelWork } from './model-work.ts';

/** @see ModelPool */
export interface ModelPoolOptions {
  /** For error messages: `bandwidth`. */
  readonly capability: string;
  readonly threads: number;
  /** Requests that wait for a thread. */
  readonly queueMax: number;
  readonly kernel: ModelWork['kernel'];
  /** Module that exports `openModel`. Default: the models of `@levitate/models`. */
  readonly openers?: URL | undefined;
}

type Question = ModelWork extends infer Work
  ? Work extends ModelWork
    ? Omit<Work, 'model' | 'kernel' | 'deadlineUnixMs'>
    : never
  : never;

/**
 * The threads of one capability. They start with the first request, and answer in its order; what
 * finds `queueMax` requests waiting is refused, what is too late is not computed.
 */
export class ModelPool {
  readonly #options: ModelPoolOptions;
  #pool: Piscina | undefined;
  #isClosed = false;

  constructor(options: ModelPoolOptions) {
    this.#options = options;
  }

  /** Requests that wait for a thread. */
  get waiting(): number {
    return this.#pool?.queueSize ?? 0;
  }

  /**
   * @param options.deadlineUnixMs `Infinity` for none
   * @throws {RpcError} RESOURCE_EXHAUSTED when the queue is full, DEADLINE_EXCEEDED when late,
   *   INVALID_ARGUMENT for a window no model reads
   * @throws {ModelError} when the thread cannot open the model
   */
  async ask<Kind extends Question['kind']>(
    model: ModelContent,
    question: Extract<Question, { kind: Kind }>,
    options: { signal: AbortSignal; deadlineUnixMs: number },
  ): Promise<Extract<ModelAnswer, { kind: Kind extends 'prove' ? 'proven' : Kind }>> {
    const { capability, queueMax, kernel } = this.#options;
    options.signal.throwIfAborted();
    const pool = this.#opened();
    if (pool.queueSize >= queueMax) throw tooManyForecasts(capability, queueMax);
    const { deadlineUnixMs, signal } = options;
    const { folder, fingerprint } = model;
    const work = { ...question, kernel, deadlineUnixMs };
    let answer: ModelAnswer;
    answer = await pool.run({ ...work, model: { folder, fingerprint } }, { signal });
    if (answer.kind === 'unknown') answer = await pool.run({ ...work, model }, { signal });
    if (answer.kind === 'late') throw lateForecast(capability);
    if (answer.kind === 'unreadable') throw unreadableWindow(answer.message);
    if (answer.kind === 'refused') {
      const { code, message, nextStep } = answer;
      throw new ModelError({ code: code as ModelErrorCode, message, nextStep });
    }
    return answer as never;
  }

  /** Ends the threads; what still waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool?.destroy();
  }

  #opened(): Piscina {
    if (this.#isClosed) throw new Error('the pool is closed');
    const { threads, openers, queueMax } = this.#options;
    const data: ThreadData = { openers: (openers ?? OPENERS).href };
    this.#pool ??= new Piscina({
      filename: new URL('./model-thread.ts', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      maxQueue: queueMax + threads,
      workerData: data,
      // The environment says nothing to a thread that only computes.
      env: {},
    });
    return this.#pool;
  }
}

const OPENERS = new URL('./open-model.ts', import.meta.url);
