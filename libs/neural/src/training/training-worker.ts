import { parentPort, workerData } from 'node:worker_threads';
import { SeededRandom } from '@levitate/clock';
import { openTrainingKernel } from '../kernel/open-kernel.ts';
import { Network } from '../network.ts';
import type { TrainingReply, TrainingRequest, WorkerStart } from './training-message.ts';
import type { OpenTask } from './training-task.ts';

// One thread of a training: it owns a task and a network, and answers one request after the other.
// An error ends the thread, and `TrainingCrew` passes it on.

const { module, options, kernel, seed } = workerData as WorkerStart;
const { openTask } = (await import(module)) as { openTask: OpenTask };
const task = await openTask(options);
const network = new Network(task.spec, { kernel: await openTrainingKernel(kernel), seed });
const random = new SeededRandom(seed);
let weights: Float32Array = new Float32Array(0);
let gradients: Float32Array = new Float32Array(0);

parentPort?.on('message', (request: TrainingRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer(request: TrainingRequest): TrainingReply {
  switch (request.kind) {
    case 'open':
      return { kind: 'open', spec: task.spec, trainingCount: task.trainingCount };
    case 'share':
      weights = new Float32Array(request.weights);
      gradients = new Float32Array(request.gradients);
      return { kind: 'share' };
    case 'step':
      return { kind: 'step', loss: learn(request.indices, random.fork(request.label)) };
    case 'validate':
      network.values.set(weights);
      return { kind: 'validate', score: task.validate(network) };
  }
}

function learn(indices: readonly number[], place: SeededRandom): number {
  network.values.set(weights);
  const { input, loss } = task.fill(indices, place.fork('fill'));
  const count = indices.length;
  const result = network.gradients({ input, count, loss, random: place.fork('dropout') });
  gradients.set(result.gradients);
  return result.loss;
}
