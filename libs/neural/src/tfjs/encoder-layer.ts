import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerVariable, layers } from '@tensorflow/tfjs-layers';
import type { EncoderOptions } from '../transformer/encoder-block.ts';
import type { Tfjs } from './tfjs-module.ts';

/** As in our layer norm and that of Keras. */
const epsilon = 1e-3;

/**
 * Our encoder block as a layer of tfjs, out of operations of its core: the layers that tfjs exports
 * have no attention. Its weights have the order and the numbers of ours; its gradients are those of
 * the automatic derivatives of tfjs, which makes it the second opinion on ours.
 */
export function encoderLayer(tf: Tfjs, options: EncoderOptions): layers.Layer {
  class Encoder extends tf.layers.Layer {
    static readonly className = 'LevitateEncoder';
    #variables: LayerVariable[] = [];

    override build(shape: number[]): void {
      const width = shape[2] as number;
      this.#variables = weightShapes(width, options.feedForward).map(({ name, size }) => {
        const isScale = name.endsWith('gamma');
        const initial = isScale ? tf.initializers.ones() : tf.initializers.glorotUniform({});
        return this.addWeight(
          name,
          size,
          'float32',
          size.length === 1 && !isScale ? tf.initializers.zeros() : initial,
        );
      });
      this.built = true;
    }

    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
      const [input] = [inputs].flat() as [Tensor3D];
      const weights = this.#variables.map((each) => each.read());
      const rate = kwargs.training === true ? options.dropout : 0;
      return tf.tidy(() => encode(tf, { input, weights, heads: options.heads, rate }));
    }
  }
  return new Encoder({});
}

/** Weights in the order of `EncoderBlock.parameters`. */
function weightShapes(width: number, feedForward: number): { name: string; size: number[] }[] {
  const dense = (name: string, inputs: number, units: number) => [
    { name: `${name}.kernel`, size: [inputs, units] },
    { name: `${name}.bias`, size: [units] },
  ];
  const norm = (name: string) =>
    ['gamma', 'beta'].map((part) => ({ name: `${name}.${part}`, size: [width] }));
  return [
    ...norm('attentionNorm'),
    ...['query', 'key', 'value', 'projection'].flatMap((name) => dense(name, width, width)),
    ...norm('feedForwardNorm'),
    ...dense('feedForward', width, feedForward),
    ...dense('feedForwardOutput', feedForward, width),
  ];
}

interface Encoding {
  readonly input: Tensor3D;
  readonly weights: readonly Tensor[];
  readonly heads: number;
  /** Dropped of each of the two sums. */
  readonly rate: number;
}

function encode(tf: Tfjs, { input, weights, heads, rate }: Encoding): Tensor {
  const at = (index: number) => weights[index] as Tensor1D;
  const dense = (x: Tensor3D, index: number) => {
    const [batch, steps, width] = x.shape;
    const flat = tf.reshape(x, [batch * steps, width]) as Tensor2D;
    const sums = tf.add(tf.matMul(flat, weights[index] as Tensor2D), at(index + 1));
    return tf.reshape(sums, [batch, steps, at(index + 1).size]) as Tensor3D;
  };
  const norm = (x: Tensor3D, index: number) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const scaled = tf.mul(tf.mul(tf.sub(x, mean), inverse), at(index));
    return tf.add(scaled, at(index + 1)) as Tensor3D;
  };
  const drop = (x: Tensor3D) => (rate > 0 ? (tf.dropout(x, rate) as Tensor3D) : x);
  const given = norm(input, 0);
  const [query, key, value] = [2, 4, 6].map((index) => split(tf, dense(given, index), heads));
  const depth = (input.shape[2] as number) / heads;
  const scores = tf.matMul(query as Tensor, key as Tensor, false, true);
  const shares = tf.softmax(tf.mul(scores, 1 / Math.sqrt(depth)));
  const mixed = tf.transpose(tf.matMul(shares, value as Tensor), [0, 2, 1, 3]);
  const joined = tf.reshape(mixed, input.shape) as Tensor3D;
  const middle = tf.add(input, drop(dense(joined, 8))) as Tensor3D;
  const wide = tf.relu(dense(norm(middle, 10), 12)) as Tensor3D;
  return tf.add(middle, drop(dense(wide, 14)));
}

/** [batch, steps, width] to [batch, heads, steps, width / heads]. */
function split(tf: Tfjs, x: Tensor3D, heads: number): Tensor {
  const [batch, steps, width] = x.shape;
  return tf.transpose(tf.reshape(x, [batch, steps, heads, width / heads]), [0, 2, 1, 3]);
}
