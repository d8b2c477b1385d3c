import type { StoredParameter } from '../model-file.ts';
import type { ManifestDraft } from '../write-model-file.ts';

/** For tests: a draft of a bandwidth model of two features, three steps in, two steps out. */
export function tinyDraft(over: Partial<ManifestDraft> = {}): ManifestDraft {
  return {
    name: 'tiny',
    version: '1',
    capability: 'bandwidth',
    family: 'dense',
    description: 'A model of two features, small enough to check by hand.',
    origin: { kind: 'trained', command: 'levitate train bandwidth --seed 1' },
    spec: {
      steps: 3,
      features: 2,
      layers: [{ kind: 'lastStep' }, { kind: 'dense', units: 2, activation: 'linear' }],
    },
    inputs: {
      steps: 3,
      stepMs: 1000,
      features: [
        { name: 'bandwidth', unit: 'bytes/s' },
        { name: 'roundTrip', unit: 's' },
      ],
      normalisation: { kind: 'none', parameters: {} },
    },
    outputs: {
      steps: 2,
      stepMs: 1000,
      values: [{ name: 'bandwidth', unit: 'bytes/s', width: 2 }],
    },
    data: [{ path: 'traces/one.csv', sha256: 'a'.repeat(64), licence: 'CC0-1.0' }],
    split: 'by trace, 60/20/20, seed 1',
    classes: {
      'one-class': {
        winner: 'tiny',
        chosenBy: 'wape',
        validation: { tiny: { wape: 0.1 }, persistence: { wape: 0.2 } },
      },
    },
    calibration: {},
    ...over,
  };
}

/** The parameters of `tinyDraft`'s network: kernel and bias of its dense layer. */
export function tinyParameters(scale = 1): StoredParameter[] {
  return [
    { name: 'dense/kernel', shape: [2, 2], values: Float32Array.of(scale, 0, 0, scale) },
    { name: 'dense/bias', shape: [2], values: Float32Array.of(0, 0) },
  ];
}
