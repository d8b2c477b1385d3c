import { strict as assert } from 'node:assert';
import type { Workspace } from '../kernel/workspace.ts';
import { Dense } from '../layers/dense.ts';
import { Dropout } from '../layers/dropout.ts';
import { GrownArray } from '../layers/grown-array.ts';
import type { BackwardPass, Layer, LayerContext, Pass, Shape } from '../layers/layer.ts';
import { LayerNorm } from '../layers/layer-norm.ts';
import type { LayerParameter } from '../layers/layer-parameter.ts';
import { type Projections, SelfAttention } from './self-attention.ts';

/** What of a `LayerSpec` describes a block; its width is that of its input. */
export interface EncoderOptions {
  /** A divisor of the width. */
  readonly heads: number;
  /** Units of the inner dense layer (relu). */
  readonly feedForward: number;
  /** Dropped in training of what attention and feed-forward give, each before its sum. */
  readonly dropout: number;
}

/**
 * A Transformer encoder block (Vaswani et al. 2017, section 3.1) in the pre-norm order:
 *
 *     r = x + dropout(project(attention(norm(x))))
 *     y = r + dropout(dense(relu(dense(norm(r)))))
 *
 * The paper and the Keras text example normalise after each sum instead. Before it, gradients reach
 * the first block unscaled, and training needs no warm-up (Xiong et al., "On layer normalization in
 * the Transformer architecture", ICML 2020). What remains is that the last sum is not normalised: a
 * `layerNorm` belongs behind the last block.
 *
 * Parameters as Keras would order them: gamma and beta of the first norm; kernel and bias of query,
 * key, value and projection, as in `MultiHeadAttention` (its kernels, of [width, heads, depth] and
 * [heads, depth, width], are the numbers of ours of [width, width] in the same order); gamma and
 * beta of the second norm; kernel and bias of both dense layers.
 */
export class EncoderBlock implements Layer {
  readonly output: Shape;
  readonly parameters: readonly LayerParameter[];
  /** Attention needs the whole window. */
  readonly stateWidth = undefined;
  readonly #workspace: Workspace;
  readonly #parts: Parts;
  readonly #afterAttention: GrownArray;
  readonly #output: GrownArray;
  readonly #outer: GrownArray;
  readonly #inner: GrownArray;
  #projections: Projections | undefined;

  constructor(context: LayerContext, options: EncoderOptions) {
    const { workspace, input, name } = context;
    assert(input.steps !== undefined, `${name} needs steps, and those are gone before it`);
    if (input.width % options.heads !== 0) {
      const why = `its input is ${input.width} wide, which ${options.heads} heads do not divide`;
      throw new RangeError(`${name}: ${why}`);
    }
    this.#workspace = workspace;
    this.output = input;
    this.#parts = partsOf(context, options);
    this.parameters = Object.values(this.#parts).flatMap((part) =>
      'parameters' in part ? part.parameters : [],
    );
    const grown = () => new GrownArray(workspace);
    this.#afterAttention = grown();
    this.#output = grown();
    this.#outer = grown();
    this.#inner = grown();
  }

  forward({ input, batch, random }: Pass): Float32Array {
    const parts = this.#parts;
    const given = parts.attentionNorm.forward({ input, batch });
    this.#projections = {
      query: parts.query.forward({ input: given, batch }),
      key: parts.key.forward({ input: given, batch }),
      value: parts.value.forward({ input: given, batch }),
    };
    const mixed = parts.attention.forward(this.#projections, batch);
    const projected = parts.projection.forward({ input: mixed, batch });
    const first = parts.attentionDropout.forward({ input: projected, batch, random });
    const middle = this.#sum(this.#afterAttention, { to: input, add: first, batch });
    const ready = parts.feedForwardNorm.forward({ input: middle, batch });
    const wide = parts.feedForward.forward({ input: ready, batch });
    const narrow = parts.feedForwardOutput.forward({ input: wide, batch });
    const second = parts.feedForwardDropout.forward({ input: narrow, batch, random });
    return this.#sum(this.#output, { to: middle, add: second, batch });
  }

  backward({ outputGradient, batch }: BackwardPass): Float32Array {
    const parts = this.#parts;
    const back = (layer: Layer, gradient: Float32Array) =>
      layer.backward({ outputGradient: gradient, batch, needsInputGradient: true });
    // Dropout writes into what it is given; the way around the sum needs it untouched.
    const around = this.#copy(this.#outer, outputGradient, batch);
    const inner = [parts.feedForwardDropout, parts.feedForwardOutput, parts.feedForward];
    const middle = back(parts.feedForwardNorm, inner.reduce(flow(back), outputGradient));
    this.#workspace.add(around, middle, this.#length(batch));
    const through = this.#copy(this.#inner, around, batch);
    const mixed = [parts.attentionDropout, parts.projection].reduce(flow(back), through);
    const gradients = parts.attention.backward(mixed, this.#projections as Projections, batch);
    const given = back(parts.query, gradients.query);
    this.#workspace.add(given, back(parts.key, gradients.key), this.#length(batch));
    this.#workspace.add(given, back(parts.value, gradients.value), this.#length(batch));
    this.#workspace.add(around, back(parts.attentionNorm, given), this.#length(batch));
    return around;
  }

  step(): Float32Array {
    throw new RangeError('attention needs the whole window');
  }

  #sum(into: GrownArray, terms: { to: Float32Array; add: Float32Array; batch: number }) {
    const sum = this.#copy(into, terms.to, terms.batch);
    this.#workspace.add(sum, terms.add, this.#length(terms.batch));
    return sum;
  }

  #copy(into: GrownArray, values: Float32Array, batch: number): Float32Array {
    const length = this.#length(batch);
    const copy = into.atLeast(length);
    copy.set(values.subarray(0, length));
    return copy;
  }

  #length(batch: number): number {
    return (this.output.steps as number) * batch * this.output.width;
  }
}

/** For `reduce`: each layer takes the gradient that the one behind it gave. */
function flow(back: (layer: Layer, gradient: Float32Array) => Float32Array) {
  return (gradient: Float32Array, layer: Layer) => back(layer, gradient);
}

type Parts = ReturnType<typeof partsOf>;

/** The layers of a block, in the order of their parameters. */
function partsOf(
  { workspace, input, name }: LayerContext,
  { heads, feedForward, dropout }: EncoderOptions,
) {
  const { steps = 1, width } = input;
  const linear = { units: width, activation: 'linear' } as const;
  const named = (part: string, of = input) => ({ workspace, input: of, name: `${name}.${part}` });
  const wide = { steps: input.steps, width: feedForward };
  return {
    attentionNorm: new LayerNorm(named('attentionNorm')),
    query: new Dense(named('query'), linear),
    key: new Dense(named('key'), linear),
    value: new Dense(named('value'), linear),
    attention: new SelfAttention(workspace, { steps, width, heads }),
    projection: new Dense(named('projection'), linear),
    attentionDropout: new Dropout(named('attentionDropout'), { rate: dropout }),
    feedForwardNorm: new LayerNorm(named('feedForwardNorm')),
    feedForward: new Dense(named('feedForward'), { units: feedForward, activation: 'relu' }),
    feedForwardOutput: new Dense(named('feedForwardOutput', wide), linear),
    feedForwardDropout: new Dropout(named('feedForwardDropout'), { rate: dropout }),
  };
}
