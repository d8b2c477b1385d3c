import { expect, it } from 'vitest';
import { type EngineReadings, engineNames } from './engines/engine-readings.ts';
import { engineTable } from './engines/engine-table.ts';
import { engineFigures, engines } from './engines.ts';
import { reportOf } from './report.ts';

const reading = {
  variant: 'typescript-float32',
  windowMs: 41.234,
  windowCpuMs: 40,
  windows: 20,
  trainingStepMs: 6_543.2,
  trainingStepCpuMs: 6_500,
  trainingSteps: 3,
  outputDifference: 0,
  gradientDifference: 2.34e-7,
};
const readings: EngineReadings[] = [
  { name: 'typescript', reading },
  { name: 'tfjs-node', reading: 'TfjsNodeError: no tfjs-node' },
];

it('gives each engine its two figures, or the reason why not', () => {
  const { metrics, notMeasured } = reportOf(engines, engineFigures(readings), {});
  expect(metrics).toEqual({
    typescript_window_p50_ms: 41.234,
    typescript_window_cpu_ms: 40,
    typescript_training_step_ms: 6_543.2,
    typescript_training_step_cpu_ms: 6_500,
  });
  expect(notMeasured.tfjs_node_window_p50_ms).toBe('TfjsNodeError: no tfjs-node');
  expect(Object.keys(notMeasured)).toHaveLength(4 * (engineNames.length - 1));
});

it('makes a table in which a missing engine has its reason', () => {
  expect(engineTable(readings).split('\n')).toEqual([
    expect.stringMatching(/^\| engine {5}\| variant .*\| gradients differ \|$/),
    expect.stringMatching(/^\| -+ \| -+ /),
    expect.stringMatching(/\| 41.2 ms +\| 40.0 ms \| 6,543 ms +\| 6,500 ms \| reference +\| 2e-7/),
    expect.stringMatching(/^\| tfjs-node +\| TfjsNodeError: no tfjs-node \|/),
  ]);
});
