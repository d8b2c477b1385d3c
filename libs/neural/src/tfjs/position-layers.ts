import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { positionEncoding } from '../transformer/positions.ts';
import type { Tfjs } from './tfjs-module.ts';

type Layer = layers.Layer;
type Shape = (number | null)[];

/** Our `positions` as a layer of tfjs. */
export function positionsLayer(tf: Tfjs): Layer {
  class Positions extends tf.layers.Layer {
    static readonly className = 'LevitatePositions';
    override computeOutputShape(shape: Shape): Shape {
      return shape;
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const [input] = [inputs].flat() as [Tensor3D];
      const [, steps, width] = input.shape;
      const encoding = Float32Array.from(positionEncoding(steps, width));
      return tf.tidy(() => tf.add(input, tf.tensor3d(encoding, [1, steps, width])));
    }
  }
  return new Positions({});
}

/** Our `lastStep` as a layer of tfjs. */
export function lastStepLayer(tf: Tfjs): Layer {
  class LastStep extends tf.layers.Layer {
    static readonly className = 'LevitateLastStep';
    override computeOutputShape(shape: Shape): Shape {
      return [shape[0] ?? null, shape[2] ?? null];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const [input] = [inputs].flat() as [Tensor3D];
      const [batch, steps, width] = input.shape;
      return tf.tidy(() =>
        tf.reshape(tf.slice(input, [0, steps - 1, 0], [batch, 1, width]), [batch, width]),
      );
    }
  }
  return new LastStep({});
}
