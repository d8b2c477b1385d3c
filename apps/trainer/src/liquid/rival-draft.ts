import type { ManifestDraft } from '@levitate/models';
import type { Network } from '@levitate/neural';

/** The manifest of the LSTM that the ensemble is set beside. It is never served. */
export function rivalDraft(options: {
  rival: Network;
  command: string;
  data: ManifestDraft['data'];
  split: string;
  training: NonNullable<ManifestDraft['training']>;
  classes: ManifestDraft['classes'];
}): ManifestDraft {
  const { rival, command, data, split, training, classes } = options;
  const { spec } = rival;
  const features = Array.from({ length: spec.features }, (_, index) => ({
    name: `input_${index}`,
    unit: '1',
  }));
  return {
    name: 'liquid-rival',
    version: '1',
    capability: 'liquid',
    family: 'lstm',
    description:
      'LSTM with as many parameters as the liquid ensemble, on the same inputs: the rival of it.',
    origin: { kind: 'trained', command },
    spec: { ...spec, layers: spec.layers.map((layer) => ({ ...layer })) },
    inputs: {
      steps: spec.steps,
      stepMs: 1000,
      features,
      normalisation: { kind: 'relative to the trailing level of the path', parameters: {} },
    },
    outputs: {
      steps: 10,
      stepMs: 1000,
      values: [{ name: 'bandwidth', unit: 'trailing levels above the base', width: 1 }],
    },
    data,
    split,
    training,
    classes,
    calibration: {},
  };
}
