import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { LayerSpec, NetworkSpec } from '../network-spec.ts';
import { encoderLayer } from './encoder-layer.ts';
import { lastStepLayer, positionsLayer } from './position-layers.ts';
import type { Tfjs } from './tfjs-module.ts';

/**
 * The network of a spec as a model of tfjs, with weights that tfjs starts.
 *
 * Its layers are those of tfjs (LSTM, dense, dropout, layer normalisation, the mean as global
 * average pooling); attention, positions and the last step, which tfjs has no layer for, are made
 * of operations of its core.
 */
export function tfjsModel(tf: Tfjs, { steps, features, layers }: NetworkSpec): LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [steps, features] }));
  for (const spec of layers) model.add(openLayer(tf, spec));
  return model;
}

function openLayer(tf: Tfjs, spec: LayerSpec): layers.Layer {
  switch (spec.kind) {
    case 'lstm':
      return tf.layers.lstm({
        units: spec.units,
        returnSequences: spec.returnSequences,
        // tfjs starts from the piecewise linear one that Keras gave up with version 2.3.
        recurrentActivation: 'sigmoid',
        // The orthogonal start costs seconds of QR in tfjs; the weights are ours in the end.
        recurrentInitializer: 'glorotUniform',
      });
    case 'dense':
      return tf.layers.dense({ units: spec.units, activation: spec.activation });
    case 'dropout':
      return tf.layers.dropout({ rate: spec.rate });
    case 'layerNorm':
      return tf.layers.layerNormalization({ epsilon: 1e-3 });
    case 'meanOfSteps':
      return tf.layers.globalAveragePooling1d({});
    case 'lastStep':
      return lastStepLayer(tf);
    case 'positions':
      return positionsLayer(tf);
    case 'encoder':
      return encoderLayer(tf, spec);
  }
}
