import { parentPort, workerData } from 'node:worker_threads';
import { measureRequestTraces } from './request-traces.ts';
import { measureSharedMemory } from './shared-memory.ts';
import type { FromTrackThread, SimulatedFigures, TrackThreadData } from './simulated-tracks.ts';
import { measureSlowResource } from './slow-resource.ts';

// A thread of `measureSimulatedTracks`: its tracks one after the other; whoever ends it early
// ends the thread.
const { tracks, context } = workerData as TrackThreadData;
const tell = (message: FromTrackThread) => parentPort?.postMessage(message);
const run = {
  ...context,
  progress: (line: string) => tell({ type: 'progress', line }),
  signal: new AbortController().signal,
};
const found: Partial<SimulatedFigures> = {};
for (const track of tracks) {
  if (track === 'slow') found.slow = await measureSlowResource(run);
  if (track === 'requests') found.requests = await measureRequestTraces(run);
  if (track === 'shared') found.shared = await measureSharedMemory(run);
}
tell({ type: 'found', found });
