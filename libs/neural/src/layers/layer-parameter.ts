import type { SeededRandom } from '@levitate/clock';

/** Weights of a layer: declared by the layer, given their memory by the network. */
export class LayerParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** Starting weights, by the stream of this parameter alone. */
  readonly initial: (random: SeededRandom) => ArrayLike<number>;
  /** Memory of the workspace; empty until the network binds it. */
  values: Float32Array = new Float32Array(0);
  /** As `values`: the gradient of the loss, added to by backward passes. */
  gradient: Float32Array = new Float32Array(0);

  constructor(options: {
    name: string;
    shape: readonly number[];
    initial: (random: SeededRandom) => ArrayLike<number>;
  }) {
    this.name = options.name;
    this.shape = options.shape;
    this.initial = options.initial;
    this.length = options.shape.reduce((product, size) => product * size, 1);
  }

  /** Gives it its memory; both of `length` numbers. */
  bind(values: Float32Array, gradient: Float32Array): void {
    this.values = values;
    this.gradient = gradient;
  }
}
