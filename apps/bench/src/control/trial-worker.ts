import { parentPort, workerData } from 'node:worker_threads';
import { TrialRunner } from './trial-runner.ts';
import type { TrialRequest } from './trial-runs.ts';

// One thread of the control bench: it runs what it is sent. An error ends the thread, and the crew
// passes it on.

const runner = new TrialRunner(workerData as { dataDirectory: string; seed: number });

parentPort?.on('message', (requests: readonly TrialRequest[]) => {
  parentPort?.postMessage(requests.map((request) => runner.run(request)));
});
