import { strict as assert } from 'node:assert';
import { Worker } from 'node:worker_threads';
import type { TrainingReply, TrainingRequest, WorkerStart } from './training-message.ts';

type ReplyTo<K extends TrainingRequest['kind']> = Extract<TrainingReply, { kind: K }>;

/** The threads of a training. Disposing ends them. */
export class TrainingCrew implements AsyncDisposable {
  readonly size: number;
  readonly #workers: readonly Worker[];

  constructor(size: number, start: WorkerStart) {
    this.size = size;
    const file = new URL('./training-worker.ts', import.meta.url);
    this.#workers = Array.from({ length: size }, () => new Worker(file, { workerData: start }));
  }

  /**
   * Asks one worker, which has no other request then.
   * @throws what the worker threw; it is gone then, and with it the crew is of no more use
   */
  ask<K extends TrainingRequest['kind']>(
    worker: number,
    request: Extract<TrainingRequest, { kind: K }>,
  ): Promise<ReplyTo<K>> {
    const thread = this.#workers[worker];
    assert(thread !== undefined, `there is no worker ${worker} of ${this.size}`);
    const { promise, resolve, reject } = Promise.withResolvers<ReplyTo<K>>();
    const onExit = (code: number) => reject(new Error(`training worker ${worker} ended: ${code}`));
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', onExit);
    thread.postMessage(request);
    return promise.finally(() => {
      thread.off('message', resolve);
      thread.off('error', reject);
      thread.off('exit', onExit);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
