import { strict as assert } from 'node:assert';
import { WasmMemory } from './wasm-memory.ts';
import type { WasmExports } from './wasm-module.ts';
import { type WasmModule, webAssembly } from './web-assembly.ts';
import type {
  Activation,
  AdamStep,
  LstmCell,
  LstmCellGradient,
  LstmSteps,
  Matrix,
  ProductOptions,
  RowNorm,
  RowNormGradient,
  Workspace,
} from './workspace.ts';

/** As `assembly/activations.ts` has them. */
const activationNumbers: Record<Activation, number> = {
  linear: 0,
  relu: 1,
  tanh: 2,
  sigmoid: 3,
  softplus: 4,
};

/** The operations of a WASM module on a memory of its own. */
export class WasmWorkspace implements Workspace {
  protected readonly memory = new WasmMemory();
  readonly #exports: WasmExports;
  readonly #scratch: number;

  /** @param module one of `wasmModule` */
  constructor(module: WasmModule) {
    const { memory } = this.memory;
    const instance = new webAssembly.Instance(module, { env: { memory, abort } });
    this.#exports = instance.exports as unknown as WasmExports;
    const scratch = this.allocate(this.#exports.productScratchBytes() / 4);
    this.#scratch = scratch.byteOffset;
  }

  allocate(length: number): Float32Array {
    return this.memory.allocate(length);
  }

  product(a: Matrix, b: Matrix, c: Matrix, options: ProductOptions = {}): void {
    const { transposeA = false, transposeB = false, accumulate = false } = options;
    const depth = transposeA ? a.rows : a.columns;
    assertProduct(a, b, c, { transposeA, transposeB });
    const { memory } = this;
    this.#exports.product(
      ...([memory.address(a.values), a.stride, Number(transposeA)] as const),
      ...([memory.address(b.values), b.stride, Number(transposeB)] as const),
      ...([memory.address(c.values), c.stride, c.rows, c.columns, depth] as const),
      ...([Number(accumulate), this.#scratch] as const),
    );
  }

  addToRows(values: Float32Array, row: Float32Array, rows: number, columns: number): void {
    assert(values.length >= rows * columns && row.length >= columns);
    const { memory } = this;
    this.#exports.addToRows(memory.address(values), memory.address(row), rows, columns);
  }

  sumRows(values: Float32Array, sums: Float32Array, rows: number, columns: number): void {
    assert(values.length >= rows * columns && sums.length >= columns);
    const { memory } = this;
    this.#exports.sumRows(memory.address(values), memory.address(sums), rows, columns);
  }

  activate(kind: Activation, input: Float32Array, output: Float32Array, length: number): void {
    assert(input.length >= length && output.length >= length);
    const { memory } = this;
    const number = activationNumbers[kind];
    this.#exports.activate(number, memory.address(input), memory.address(output), length);
  }

  activateBackward(
    kind: Activation,
    output: Float32Array,
    gradient: Float32Array,
    length: number,
  ): void {
    assert(output.length >= length && gradient.length >= length);
    const { memory } = this;
    const number = activationNumbers[kind];
    this.#exports.activateBackward(
      number,
      memory.address(output),
      memory.address(gradient),
      length,
    );
  }

  add(target: Float32Array, source: Float32Array, length: number): void {
    assert(target.length >= length && source.length >= length);
    this.#exports.add(this.memory.address(target), this.memory.address(source), length);
  }

  multiply(target: Float32Array, source: Float32Array, length: number): void {
    assert(target.length >= length && source.length >= length);
    this.#exports.multiply(this.memory.address(target), this.memory.address(source), length);
  }

  scale(target: Float32Array, factor: number, length: number): void {
    assert(target.length >= length);
    this.#exports.scale(this.memory.address(target), factor, length);
  }

  sumOfSquares(values: Float32Array, length: number): number {
    assert(values.length >= length);
    return this.#exports.sumOfSquares(this.memory.address(values), length);
  }

  lstmCell(step: LstmCell): void {
    const { memory } = this;
    this.#exports.lstmCell(
      memory.address(step.gates),
      memory.address(step.cellBefore),
      memory.address(step.cell),
      memory.address(step.cellTanh),
      memory.address(step.hidden),
      step.batch,
      step.units,
    );
  }

  readonly lstmSteps: Workspace['lstmSteps'] = (pass: LstmSteps) => {
    const { recurrent, gates, hiddens, cells, cellTanhs, steps, batch, units } = pass;
    const size = batch * units;
    assert(recurrent.length >= 4 * units * units && gates.length >= 4 * steps * size);
    assert(hiddens.length >= (steps + 1) * size && cells.length >= (steps + 1) * size);
    assert(cellTanhs.length >= steps * size);
    const { memory } = this;
    this.#exports.lstmSteps(
      ...([memory.address(recurrent), memory.address(gates), memory.address(hiddens)] as const),
      ...([memory.address(cells), memory.address(cellTanhs)] as const),
      ...([steps, batch, units, this.#scratch] as const),
    );
  };

  lstmCellBackward(step: LstmCellGradient): void {
    const { memory } = this;
    this.#exports.lstmCellBackward(
      memory.address(step.gates),
      memory.address(step.cellBefore),
      memory.address(step.cellTanh),
      memory.address(step.hiddenGradient),
      memory.address(step.cellGradient),
      step.batch,
      step.units,
    );
  }

  normalizeRows(norm: RowNorm): void {
    const { memory } = this;
    this.#exports.normalizeRows(
      memory.address(norm.input),
      memory.address(norm.gamma),
      memory.address(norm.beta),
      memory.address(norm.output),
      memory.address(norm.normalized),
      memory.address(norm.inverseDeviation),
      norm.rows,
      norm.columns,
      norm.epsilon,
    );
  }

  normalizeRowsBackward(norm: RowNormGradient): void {
    const { memory } = this;
    this.#exports.normalizeRowsBackward(
      memory.address(norm.outputGradient),
      memory.address(norm.gamma),
      memory.address(norm.normalized),
      memory.address(norm.inverseDeviation),
      memory.address(norm.inputGradient),
      memory.address(norm.gammaGradient),
      memory.address(norm.betaGradient),
      norm.rows,
      norm.columns,
    );
  }

  softmaxRows(values: Float32Array, rows: number, columns: number): void {
    assert(values.length >= rows * columns);
    this.#exports.softmaxRows(this.memory.address(values), rows, columns);
  }

  softmaxRowsBackward(
    output: Float32Array,
    gradient: Float32Array,
    rows: number,
    columns: number,
  ): void {
    assert(output.length >= rows * columns && gradient.length >= rows * columns);
    const { memory } = this;
    this.#exports.softmaxRowsBackward(
      memory.address(output),
      memory.address(gradient),
      rows,
      columns,
    );
  }

  adam(step: AdamStep): void {
    const { memory } = this;
    this.#exports.adam(
      memory.address(step.values),
      memory.address(step.gradients),
      memory.address(step.firstMoment),
      memory.address(step.secondMoment),
      step.gradientScale,
      step.beta1,
      step.beta2,
      step.rate,
      step.secondCorrection,
      step.epsilon,
      step.length,
    );
  }
}

/** WASM writes where it is told: a product that does not fit would ruin its neighbours. */
export function assertProduct(
  a: Matrix,
  b: Matrix,
  c: Matrix,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): void {
  const [rows, depth] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
  const [deep, columns] = transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
  assert(depth === deep && rows === c.rows && columns === c.columns, 'shapes of a product');
  for (const each of [a, b, c]) {
    const last = (each.rows - 1) * each.stride + each.columns;
    assert(last <= each.values.length, 'a matrix larger than its memory');
  }
}

function abort(): never {
  throw new Error('the WASM kernel has stopped');
}
