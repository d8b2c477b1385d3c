import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchFigures, BenchKey } from './bench.ts';
import { type EngineReadings, engineNames } from './engines/engine-readings.ts';
import { engineTable } from './engines/engine-table.ts';

const KEYS: readonly BenchKey[] = engineNames.flatMap((name) => [
  { key: `${keyOf(name)}_window_p50_ms`, meaning: 'one window of 60 steps' },
  { key: `${keyOf(name)}_window_cpu_ms`, meaning: 'the same by its own CPU time' },
  { key: `${keyOf(name)}_training_step_ms`, meaning: '64 windows: gradients and Adam' },
  { key: `${keyOf(name)}_training_step_cpu_ms`, meaning: 'the same by its own CPU time' },
]);

const figureNames = ['window_p50_ms', 'window_cpu_ms', 'training_step_ms', 'training_step_cpu_ms'];

/** The engines that compute networks, side by side: an LSTM of 3 x 128 on one core. */
export const engines: Bench = {
  name: 'engines',
  summary: 'engines of neural networks side by side: a window, a training step, agreement',
  keys: KEYS,
  async run(context) {
    // Loaded when it runs, so that help and wrong arguments need not wait for it.
    const { readEngine } = await import('./engines/read-engine.ts');
    const all: EngineReadings[] = [];
    for (const name of engineNames) {
      context.progress(`${name}: a process of its own on one core`);
      all.push(await readEngine(name, context));
    }
    const path = join(context.outDir, 'engines.md');
    writeFileSync(path, `${engineTable(all)}\n`);
    return { ...engineFigures(all), pictures: [path] };
  },
};

/** Turns the readings into the keys of the bench. Pure. */
export function engineFigures(all: readonly EngineReadings[]): BenchFigures {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  for (const { name, reading } of all) {
    const key = keyOf(name);
    if (typeof reading === 'string') {
      for (const figure of figureNames) figures.notMeasured[`${key}_${figure}`] = reading;
      continue;
    }
    figures.metrics[`${key}_window_p50_ms`] = reading.windowMs;
    figures.metrics[`${key}_window_cpu_ms`] = reading.windowCpuMs;
    figures.metrics[`${key}_training_step_ms`] = reading.trainingStepMs;
    figures.metrics[`${key}_training_step_cpu_ms`] = reading.trainingStepCpuMs;
    figures.baseline[key] = reading;
  }
  return figures;
}

function keyOf(name: string): string {
  return name.replaceAll('-', '_');
}
