/** A matrix in row order inside memory of a workspace. `stride` is from row to row, in numbers. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** @returns the matrix that fills the front of `values`, its rows close together */
export function matrix(values: Float32Array, rows: number, columns: number): Matrix {
  return { values, rows, columns, stride: columns };
}

/** How a matrix product is taken. */
export interface ProductOptions {
  /** Use the transpose of the first factor. Default: no. */
  transposeA?: boolean;
  /** Use the transpose of the second factor. Default: no. */
  transposeB?: boolean;
  /** Add to what the result holds instead of replacing it. Default: replace. */
  accumulate?: boolean;
}

/** What a dense layer puts its sums through. Softplus is ln(1 + e^x). */
export type Activation = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softplus';

/** One step of an LSTM for `batch` sequences of `units` cells; [batch, units] or as said. */
export interface LstmCell {
  /** [batch, 4 units], gates in the order i f c o; sums before, their activations after. */
  gates: Float32Array;
  cellBefore: Float32Array;
  cell: Float32Array;
  /** tanh of `cell`, which the backward pass needs again. */
  cellTanh: Float32Array;
  hidden: Float32Array;
  batch: number;
  units: number;
}

/**
 * All steps of an LSTM from a state of zeros: from the second on the hidden state before, times
 * `recurrent`, is added to the sums; then the cell.
 */
export interface LstmSteps {
  /** [units, 4 units] */
  recurrent: Float32Array;
  /** [steps, batch, 4 units], as those of `LstmCell`. */
  gates: Float32Array;
  /** [steps + 1, batch, units]: zeros, then the hidden state after each step. */
  hiddens: Float32Array;
  /** [steps + 1, batch, units]: likewise the cells. */
  cells: Float32Array;
  /** [steps, batch, units] */
  cellTanhs: Float32Array;
  steps: number;
  batch: number;
  units: number;
}

/** The backward step of `LstmCell`. */
export interface LstmCellGradient {
  /** [batch, 4 units]: activations of the gates before, gradients of their sums after. */
  gates: Float32Array;
  cellBefore: Float32Array;
  cellTanh: Float32Array;
  /** Gradient of the hidden state of this step. */
  hiddenGradient: Float32Array;
  /** Gradient of the cell of this step before, of the step before it after. */
  cellGradient: Float32Array;
  batch: number;
  units: number;
}

/** Normalisation of rows to mean 0 and variance 1, then scaled and shifted. */
export interface RowNorm {
  input: Float32Array;
  /** [columns] */
  gamma: Float32Array;
  /** [columns] */
  beta: Float32Array;
  output: Float32Array;
  /** [rows, columns]: what the backward pass needs: the rows before scale and shift. */
  normalized: Float32Array;
  /** [rows]: 1 / standard deviation of each row. */
  inverseDeviation: Float32Array;
  rows: number;
  columns: number;
  /** Added to the variance. */
  epsilon: number;
}

/** The backward step of `RowNorm`; gradients of gamma and beta are added to. */
export interface RowNormGradient {
  outputGradient: Float32Array;
  gamma: Float32Array;
  normalized: Float32Array;
  inverseDeviation: Float32Array;
  inputGradient: Float32Array;
  gammaGradient: Float32Array;
  betaGradient: Float32Array;
  rows: number;
  columns: number;
}

/** One update of Adam (Kingma and Ba, ICLR 2015, algorithm 1) with both moments in place. */
export interface AdamStep {
  values: Float32Array;
  gradients: Float32Array;
  /** What the gradients are multiplied by first; clipping is a factor below 1. */
  gradientScale: number;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
  beta1: number;
  beta2: number;
  /** The learning rate divided by 1 - beta1^t. */
  rate: number;
  /** 1 / (1 - beta2^t). */
  secondCorrection: number;
  epsilon: number;
  length: number;
}

/**
 * Memory of one network and the operations of a kernel on it. Every array handed to an operation
 * comes from `allocate` of the same workspace (or is a `subarray` of one); lengths are counted from
 * the front of the array. Nothing is ever freed but with the workspace, so a layer allocates when
 * it is made or when a larger batch comes, not in each pass.
 */
export interface Workspace {
  /** @returns that many zeros */
  allocate(length: number): Float32Array;
  /** c = a b, or c += a b. */
  product(a: Matrix, b: Matrix, c: Matrix, options?: ProductOptions): void;
  /** Adds `row` ([columns]) to each row of `values` ([rows, columns]). */
  addToRows(values: Float32Array, row: Float32Array, rows: number, columns: number): void;
  /** Adds the sum of the rows of `values` ([rows, columns]) to `sums` ([columns]). */
  sumRows(values: Float32Array, sums: Float32Array, rows: number, columns: number): void;
  /** output = activation(input); the two may be one array. */
  activate(kind: Activation, input: Float32Array, output: Float32Array, length: number): void;
  /** gradient *= activation'(…), written in terms of the output of the activation. */
  activateBackward(
    kind: Activation,
    output: Float32Array,
    gradient: Float32Array,
    length: number,
  ): void;
  /** target += source */
  add(target: Float32Array, source: Float32Array, length: number): void;
  /** target *= source */
  multiply(target: Float32Array, source: Float32Array, length: number): void;
  /** target *= factor */
  scale(target: Float32Array, factor: number, length: number): void;
  sumOfSquares(values: Float32Array, length: number): number;
  lstmCell(cell: LstmCell): void;
  /** There where it takes less time than its steps one by one, whose bytes it gives. */
  readonly lstmSteps?: ((pass: LstmSteps) => void) | undefined;
  lstmCellBackward(cell: LstmCellGradient): void;
  normalizeRows(norm: RowNorm): void;
  normalizeRowsBackward(norm: RowNormGradient): void;
  /** Softmax of each row ([rows, columns]) in place. */
  softmaxRows(values: Float32Array, rows: number, columns: number): void;
  /** gradient (of the output) becomes that of the input; `output` is what `softmaxRows` gave. */
  softmaxRowsBackward(
    output: Float32Array,
    gradient: Float32Array,
    rows: number,
    columns: number,
  ): void;
  adam(step: AdamStep): void;
}
