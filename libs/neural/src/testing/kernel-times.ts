import { SeededRandom } from '@levitate/clock';
import { Adam } from '../adam.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { openKernel, openTrainingKernel } from '../kernel/open-kernel.ts';
import { Network } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';
import { squaredLoss } from './gradient-check.ts';

// Prints the table of the README: node libs/neural/src/testing/kernel-times.ts
// Times are those the processor spent, so that they do not depend on what else it does.

const spec: NetworkSpec = {
  steps: 60,
  features: 8,
  layers: [
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: false },
    { kind: 'dense', units: 10, activation: 'linear' },
  ],
};
const kernels = [
  openTrainingKernel('typescript'),
  openTrainingKernel('wasm'),
  openKernel('wasm'),
  openKernel('openblas'),
];
const random = new SeededRandom('times');
const draw = (length: number) => Float32Array.from({ length }, () => random.normal());

const rows = await Promise.all(kernels);
process.stdout.write(
  '| kernel | one window | one step, 1 link | 50 links | training step of 64 |\n',
);
process.stdout.write(
  '| ------ | ---------- | ---------------- | -------- | ------------------- |\n',
);
for (const kernel of rows) process.stdout.write(`| ${times(kernel).join(' | ')} |\n`);

function times(kernel: Kernel): string[] {
  const network = new Network(spec, { kernel, seed: 1 });
  const adam = new Adam({ learningRate: 1e-3, clipNorm: 1 });
  const batch = { input: draw(64 * 480), count: 64, loss: squaredLoss(draw(640)), random };
  const [window, one, fifty] = [draw(480), draw(8), draw(400)];
  const [state, states] = [network.openState(1), network.openState(50)];
  return [
    kernel.variant,
    milliseconds(() => network.predict(window, 1)),
    milliseconds(() => network.step(one, state)),
    milliseconds(() => network.step(fifty, states)),
    milliseconds(() => adam.update(network, network.gradients(batch).gradients)),
  ];
}

/** Of the processor for one run, the median over five rounds of at least 0.3 s. */
function milliseconds(run: () => void): string {
  const once = processorMs(run);
  const runs = Math.max(1, Math.ceil(300 / Math.max(once, 0.01)));
  for (let i = 0; i < runs; i++) run();
  const rounds = Array.from({ length: 5 }, () => {
    const spent = processorMs(() => {
      for (let i = 0; i < runs; i++) run();
    });
    return spent / runs;
  });
  const median = rounds.toSorted((a, b) => a - b)[2] as number;
  return `${median.toPrecision(3)} ms`;
}

function processorMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
