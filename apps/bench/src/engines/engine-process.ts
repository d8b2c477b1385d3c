import { SeededRandom } from '@levitate/clock';
import {
  batchOfTraining,
  type EngineName,
  type EngineReading,
  measuredSpec,
} from './engine-readings.ts';
import { openMeasuredEngine } from './measured-engine.ts';

// One engine, in a process of its own: run by read-engine.ts, prints an `EngineReading` as JSON.
const [name = '', seedText = '', secondsText = ''] = process.argv.slice(2);
const seed = Number(seedText);
const engine = await openMeasuredEngine(name as EngineName, seed);
const reference = await openMeasuredEngine('typescript', seed);

const one = windows(1, 'one');
const many = windows(batchOfTraining, 'many');
const few = many.slice(0, 4 * measuredSpec.steps * measuredSpec.features);
const outputDifference = largestDifference(engine.predict(few, 4), reference.predict(few, 4));
const gradientDifference = relativeDifference(
  engine.gradients(few, 4),
  reference.gradients(few, 4),
);

const budgetMs = Number(secondsText) * 1000;
const window = timed(() => engine.predict(one, 1), { budgetMs, least: 20, warmups: 5 });
const step = timed(() => engine.train(many, batchOfTraining), { budgetMs, least: 2, warmups: 1 });
const reading: EngineReading = {
  variant: engine.variant,
  windowMs: window.wallMs,
  windowCpuMs: window.cpuMs,
  windows: window.count,
  trainingStepMs: step.wallMs,
  trainingStepCpuMs: step.cpuMs,
  trainingSteps: step.count,
  outputDifference,
  gradientDifference,
};
process.stdout.write(`${JSON.stringify(reading)}\n`);

function windows(count: number, label: string): Float32Array {
  const random = new SeededRandom(seed).fork(label);
  const length = count * measuredSpec.steps * measuredSpec.features;
  return Float32Array.from({ length }, () => random.normal());
}

function timed(work: () => void, run: { budgetMs: number; least: number; warmups: number }) {
  const first = once(work);
  // Seconds long, it has warmed itself up; more of them would take minutes.
  if (first.cpuMs >= run.budgetMs) return { ...first, count: 1 };
  for (let i = 1; i < run.warmups; i++) work();
  const times: (typeof first)[] = [];
  const startedMs = performance.now();
  while (times.length < run.least || performance.now() - startedMs < run.budgetMs) {
    times.push(once(work));
  }
  return {
    wallMs: median(times.map(({ wallMs }) => wallMs)),
    cpuMs: median(times.map(({ cpuMs }) => cpuMs)),
    count: times.length,
  };
}

function once(work: () => void) {
  const [beforeMs, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - beforeMs, cpuMs: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

function relativeDifference(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let size = 0;
  for (const [i, value] of b.entries()) {
    difference += ((a[i] ?? Number.NaN) - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / size);
}
