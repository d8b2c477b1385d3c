import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { TrialReply, TrialRequest } from './trial-runs.ts';

/** Trials in one message. */
const batchSize = 8;

/** Runs trials somewhere; replies come in the order of the requests. */
export type RunTrials = (requests: readonly TrialRequest[]) => Promise<TrialReply[]>;

/** Threads that run trials, one for each core. Disposing ends them. */
export class TrialCrew implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  readonly #signal: AbortSignal;

  constructor(
    start: { dataDirectory: string; seed: number },
    { signal, threads = availableParallelism() }: { signal: AbortSignal; threads?: number },
  ) {
    const file = new URL('./trial-worker.ts', import.meta.url);
    this.#signal = signal;
    this.#workers = Array.from({ length: threads }, () => new Worker(file, { workerData: start }));
  }

  get threads(): number {
    return this.#workers.length;
  }

  /**
   * One call at a time: each thread answers one message before it gets the next.
   * @throws what a thread threw, or why it was aborted; the crew is of no more use then
   */
  readonly run: RunTrials = async (requests) => {
    const replies: TrialReply[][] = [];
    const batches: (readonly TrialRequest[])[] = [];
    for (let at = 0; at < requests.length; at += batchSize) {
      batches.push(requests.slice(at, at + batchSize));
    }
    let next = 0;
    const work = async (worker: Worker) => {
      while (next < batches.length) {
        this.#signal.throwIfAborted();
        const at = next++;
        replies[at] = await ask(worker, batches[at] as readonly TrialRequest[]);
      }
    };
    await Promise.all(this.#workers.map(work));
    return replies.flat();
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, requests: readonly TrialRequest[]): Promise<TrialReply[]> {
  const { promise, resolve, reject } = Promise.withResolvers<TrialReply[]>();
  const onExit = (code: number) => reject(new Error(`a thread of the bench ended: ${code}`));
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', onExit);
  worker.postMessage(requests);
  return promise.finally(() => {
    worker.off('message', resolve);
    worker.off('error', reject);
    worker.off('exit', onExit);
  });
}
