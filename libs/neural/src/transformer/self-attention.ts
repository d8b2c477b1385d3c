import type { Matrix, Workspace } from '../kernel/workspace.ts';
import { GrownArray } from '../layers/grown-array.ts';

/** Sizes of one attention. */
export interface AttentionSize {
  readonly steps: number;
  /** Of queries, keys and values alike: all heads beside each other. */
  readonly width: number;
  readonly heads: number;
}

/** Queries, keys and values, or their gradients: each [steps, batch, width]. */
export interface Projections {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
}

/**
 * Scaled dot-product attention of every step to every step, in heads (Vaswani et al. 2017,
 * sections 3.2.1 and 3.2.2), without weights of its own: those are the projections around it.
 *
 * A head of one sequence is a strided matrix of [steps, batch, width] as it lies, so nothing is
 * copied or transposed.
 */
export class SelfAttention {
  readonly #workspace: Workspace;
  readonly #size: AttentionSize;
  /** [batch, heads, steps, steps]: how much a step (row) takes of each step (column). */
  readonly #weights: GrownArray;
  readonly #weightGradients: GrownArray;
  readonly #output: GrownArray;
  readonly #gradients: { query: GrownArray; key: GrownArray; value: GrownArray };

  constructor(workspace: Workspace, size: AttentionSize) {
    this.#workspace = workspace;
    this.#size = size;
    const grown = () => new GrownArray(workspace);
    this.#weights = grown();
    this.#weightGradients = grown();
    this.#output = grown();
    this.#gradients = { query: grown(), key: grown(), value: grown() };
  }

  /** @returns [steps, batch, width]: of every head the mix of values its weights say */
  forward({ query, key, value }: Projections, batch: number): Float32Array {
    const { steps, width, heads } = this.#size;
    const weights = this.#weights.atLeast(batch * heads * steps * steps);
    const output = this.#output.atLeast(steps * batch * width);
    this.#eachHead(batch, (head, square) => {
      const scores = this.#square(weights, square);
      this.#workspace.product(head(query), head(key), scores, { transposeB: true });
    });
    this.#workspace.scale(weights, this.#scale(), batch * heads * steps * steps);
    this.#workspace.softmaxRows(weights, batch * heads * steps, steps);
    this.#eachHead(batch, (head, square) => {
      this.#workspace.product(this.#square(weights, square), head(value), head(output));
    });
    return output;
  }

  /** @param projections as they were in the forward pass */
  backward(
    outputGradient: Float32Array,
    { query, key, value }: Projections,
    batch: number,
  ): Projections {
    const { steps, width, heads } = this.#size;
    const squares = batch * heads * steps * steps;
    const weights = this.#weights.atLeast(squares);
    const upstream = this.#weightGradients.atLeast(squares);
    const length = steps * batch * width;
    const gradients = {
      query: this.#gradients.query.atLeast(length),
      key: this.#gradients.key.atLeast(length),
      value: this.#gradients.value.atLeast(length),
    };
    const workspace = this.#workspace;
    this.#eachHead(batch, (head, square) => {
      const given = head(outputGradient);
      workspace.product(this.#square(weights, square), given, head(gradients.value), {
        transposeA: true,
      });
      workspace.product(given, head(value), this.#square(upstream, square), { transposeB: true });
    });
    workspace.softmaxRowsBackward(weights, upstream, batch * heads * steps, steps);
    workspace.scale(upstream, this.#scale(), squares);
    this.#eachHead(batch, (head, square) => {
      const scores = this.#square(upstream, square);
      workspace.product(scores, head(key), head(gradients.query));
      workspace.product(scores, head(query), head(gradients.key), { transposeA: true });
    });
    return gradients;
  }

  /** 1 / sqrt(width of a head): keeps the softmax out of where it is flat. */
  #scale(): number {
    return 1 / Math.sqrt(this.#size.width / this.#size.heads);
  }

  #eachHead(
    batch: number,
    visit: (head: (values: Float32Array) => Matrix, square: number) => void,
  ): void {
    const { steps, width, heads } = this.#size;
    const columns = width / heads;
    const stride = batch * width;
    for (let sequence = 0; sequence < batch; sequence++) {
      for (let index = 0; index < heads; index++) {
        const from = sequence * width + index * columns;
        const head = (values: Float32Array): Matrix => {
          return { values: values.subarray(from), rows: steps, columns, stride };
        };
        visit(head, sequence * heads + index);
      }
    }
  }

  #square(values: Float32Array, index: number): Matrix {
    const { steps } = this.#size;
    const part = values.subarray(index * steps * steps, (index + 1) * steps * steps);
    return { values: part, rows: steps, columns: steps, stride: steps };
  }
}
