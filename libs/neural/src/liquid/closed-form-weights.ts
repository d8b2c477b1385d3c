import type { LiquidParameters } from './liquid-parameters.ts';

/** A cell of mode `default` without a backbone as the WASM module reads it. */
export interface ClosedFormWeights {
  /** Length of z: inputs and units. */
  readonly columns: number;
  readonly units: number;
  /** Units with those added that fill a block of four; their weights are 0. */
  readonly padded: number;
  /** [block][column][W1, W2, Wa, Wb][unit of four] */
  readonly weights: Float64Array;
  /** [block][b1, b2, ba, bb][unit of four] */
  readonly biases: Float64Array;
}

/** The heads in the order that `CfcHeads` names them; a mask belongs to the first two. */
const HEADS = ['ff1', 'ff2', 'time_a', 'time_b'] as const;
const MASKED = 2;
/** Units that the module computes side by side. */
const BLOCK = 4;

/**
 * Copies the parameters of one cell into the order in which they are read. A synapse that a mask
 * leaves out has the weight 0: adding 0 changes no sum.
 * @param prefix such as `rnn_cell.layer_0.`
 * @throws LiquidError where one is missing or of another shape
 */
export function packClosedForm(parameters: LiquidParameters, prefix: string): ClosedFormWeights {
  const { shape } = parameters.get(`${prefix}ff1.weight`);
  const [units = 0, columns = 0] = shape;
  const mask = parameters.mask(`${prefix}sparsity_mask`, shape);
  const padded = Math.ceil(units / BLOCK) * BLOCK;
  const weights = new Float64Array(padded * columns * HEADS.length);
  const biases = new Float64Array(padded * HEADS.length);
  for (const [head, name] of HEADS.entries()) {
    const weight = parameters.get(`${prefix}${name}.weight`, shape).values;
    const bias = parameters.get(`${prefix}${name}.bias`, [units]).values;
    for (let unit = 0; unit < units; unit++) {
      const block = Math.floor(unit / BLOCK);
      const lane = head * BLOCK + (unit % BLOCK);
      biases[block * BLOCK * HEADS.length + lane] = bias[unit] as number;
      for (let column = 0; column < columns; column++) {
        const index = unit * columns + column;
        if (head < MASKED && mask?.[index] === 0) continue;
        const at = (block * columns + column) * BLOCK * HEADS.length + lane;
        weights[at] = weight[index] as number;
      }
    }
  }
  return { columns, units, padded, weights, biases };
}
