import { Worker } from 'node:worker_threads';
import type { BenchContext, BenchFigures } from '../bench.ts';
import type { SlowResourceFigures } from './slow-resource-figures.ts';

/** Figures of the tracks that need no kernel. */
export interface SimulatedFigures {
  slow: SlowResourceFigures;
  requests: BenchFigures;
  shared: BenchFigures;
}

/** What a thread is given: what of the context can be sent. */
export interface TrackThreadData {
  tracks: readonly (keyof SimulatedFigures)[];
  context: Omit<BenchContext, 'signal' | 'progress'>;
}

/** What a thread says. */
export type FromTrackThread =
  | { type: 'progress'; line: string }
  | { type: 'found'; found: Partial<SimulatedFigures> };

/** What each thread does; both take about as long. */
const THREADS: readonly TrackThreadData['tracks'][] = [['slow', 'requests'], ['shared']];

/**
 * T4 and T3 in simulation, in two threads at once: virtual time and seeds, so that neither who runs
 * beside them nor how fast changes a figure. What is judged by the clock must not run beside them.
 * @throws what a thread threw, or why it was aborted
 */
export async function measureSimulatedTracks(context: BenchContext): Promise<SimulatedFigures> {
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    const found = await Promise.all(
      THREADS.map((tracks) => runThread(tracks, { ...context, signal })),
    );
    return Object.assign({}, ...found) as SimulatedFigures;
  } finally {
    ended.abort(); // Where one failed the other is of no more use.
  }
}

async function runThread(
  tracks: TrackThreadData['tracks'],
  { signal, progress, ...context }: BenchContext,
): Promise<Partial<SimulatedFigures>> {
  signal.throwIfAborted();
  const workerData: TrackThreadData = { tracks, context };
  const file = new URL('./simulated-track-thread.ts', import.meta.url);
  const worker = new Worker(file, { workerData, name: tracks.join(' and ') });
  const { promise, resolve, reject } = Promise.withResolvers<Partial<SimulatedFigures>>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.on('message', (message: FromTrackThread) => {
    if (message.type === 'progress') progress(message.line);
    else resolve(message.found);
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread of ${tracks} ended: ${code}`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
