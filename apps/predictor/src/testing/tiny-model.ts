import { join } from 'node:path';
import { writeModelFile } from '@levitate/models';

/** For tests: a model of one dense layer that says `gain` times the last value, ten times. */
export async function writeTinyModel(
  folder: string,
  options: {
    name?: string;
    version?: string;
    gain?: number;
    family?: string;
    winner?: string;
    feature?: string;
  } = {},
): Promise<string> {
  const { name = 'tiny', version = '1', gain = 1, family = 'dense', feature } = options;
  const { winner = name } = options;
  const path = join(folder, name);
  const measured = { wape: 0.1 };
  await writeModelFile({
    folder: path,
    draft: {
      ...{ name, version, family, capability: 'bandwidth', description: 'a network of a test' },
      origin: { kind: 'trained', command: 'by hand' },
      spec: {
        ...{ steps: 100, features: 1 },
        layers: [{ kind: 'lastStep' }, { kind: 'dense', units: 10, activation: 'linear' }],
      },
      inputs: {
        ...{ steps: 100, stepMs: 1000 },
        features: [{ name: feature ?? 'bandwidth', unit: 'bytes/s' }],
        normalisation: { kind: 'none', parameters: {} },
      },
      outputs: {
        ...{ steps: 10, stepMs: 1000 },
        values: [{ name: 'bandwidth', unit: 'bytes/s', width: 1 }],
      },
      data: [],
      split: 'none',
      classes: {
        all: {
          ...{ winner, chosenBy: 'wape' },
          validation: { [name]: measured, persistence: { wape: 0.2 } },
        },
      },
      calibration: {},
    },
    parameters: [
      { name: 'dense/kernel', shape: [1, 10], values: new Float32Array(10).fill(gain) },
      { name: 'dense/bias', shape: [10], values: new Float32Array(10) },
    ],
  });
  return path;
}
