import { WasmMemory } from '../kernel/wasm-memory.ts';
import type { WasmExports } from '../kernel/wasm-module.ts';
import { type WasmModule, webAssembly } from '../kernel/web-assembly.ts';
import { checkSequence, type LiquidSequence } from './check-sequence.ts';
import { type ClosedFormWeights, packClosedForm } from './closed-form-weights.ts';
import { LinearMap } from './linear-map.ts';
import { CELL_PREFIX, type LiquidNetwork } from './liquid-network.ts';

/** One cell in the memory of the module. */
interface Cell {
  readonly columns: number;
  readonly units: number;
  /** Where the module finds them. */
  readonly weightsAddress: number;
  readonly biasesAddress: number;
  /** What comes in, then the old state [columns]. */
  readonly z: Float64Array;
  /** The new state [units, to a multiple of four]. */
  readonly next: Float64Array;
}

/**
 * A closed-form network that only answers: the cells of its circuit, one after the other, by the
 * WASM module. The same sums in the same order as `LiquidNetwork`; e^x is another one, so that
 * outputs agree to about 1e-14. The parameters are copied: what is learnt later is not seen. One
 * thread at a time.
 */
export class ClosedFormChain {
  readonly #network: LiquidNetwork;
  readonly #step: WasmExports['closedFormCell'];
  readonly #cells: readonly Cell[];
  readonly #projection: LinearMap | undefined;

  /** Whether a network is of the kind that this computes. */
  static takes({ config }: LiquidNetwork): boolean {
    if (config.cell !== 'cfc' || config.mode !== 'default' || config.mixedMemory) return false;
    return config.wired || config.backboneLayers === 0;
  }

  /** @param module `simd` of `wasmModule`: the same bits on every machine */
  constructor(network: LiquidNetwork, module: WasmModule) {
    const memory = new WasmMemory();
    const imports = { env: { memory: memory.memory, abort } };
    const instance = new webAssembly.Instance(module, imports);
    const { parameters, config } = network;
    this.#step = (instance.exports as unknown as WasmExports).closedFormCell;
    this.#network = network;
    const prefixes: string[] = [];
    if (config.cell === 'cfc' && !config.wired) prefixes.push(CELL_PREFIX);
    else {
      const layer = () => `${CELL_PREFIX}layer_${prefixes.length}.`;
      while (parameters.has(`${layer()}ff1.weight`)) prefixes.push(layer());
    }
    this.#cells = prefixes.map((prefix) => cellOf(packClosedForm(parameters, prefix), memory));
    if (config.outputProjection) {
      this.#projection = new LinearMap(parameters.get('fc.weight'), parameters.get('fc.bias'));
    }
  }

  /**
   * From a state of zeros through all steps.
   * @returns outputs of the last step [outputs], a copy
   * @throws LiquidError `bad-input`, as `LiquidNetwork.forward`
   */
  end(sequence: LiquidSequence): Float64Array {
    checkSequence(sequence, this.#network.inputs);
    const { values, steps, timespans } = sequence;
    const cells = this.#cells;
    const inputs = this.#network.inputs;
    for (const { z } of cells) z.fill(0);
    for (let t = 0; t < steps; t++) {
      const timespan = timespans === undefined ? 1 : (timespans[t] as number);
      this.#forwardStep(values, t * inputs, timespan);
    }
    const last = cells.at(-1) as Cell;
    const given = last.next.slice(0, last.units);
    if (this.#projection === undefined) return given;
    const output = new Float64Array(this.#projection.outputs);
    this.#projection.forward(given, output);
    return output;
  }

  #forwardStep(values: Float64Array, at: number, timespan: number): void {
    const cells = this.#cells;
    let from = values;
    let start = at;
    for (let k = 0; k < cells.length; k++) {
      const { z, next, columns, units, weightsAddress, biasesAddress } = cells[k] as Cell;
      const inputs = columns - units;
      for (let i = 0; i < inputs; i++) z[i] = from[start + i] as number;
      const [at, to] = [z.byteOffset, next.byteOffset];
      this.#step(at, weightsAddress, biasesAddress, to, columns, next.length, timespan);
      for (let j = 0; j < units; j++) z[inputs + j] = next[j] as number;
      from = next;
      start = 0;
    }
  }
}

function cellOf(packed: ClosedFormWeights, memory: WasmMemory): Cell {
  const { columns, units, padded } = packed;
  const place = (values: Float64Array) => {
    const array = memory.allocateDoubles(values.length);
    array.set(values);
    return array;
  };
  const weights = place(packed.weights);
  const biases = place(packed.biases);
  const z = memory.allocateDoubles(columns);
  const next = memory.allocateDoubles(padded);
  const weightsAddress = weights.byteOffset;
  const biasesAddress = biases.byteOffset;
  return { columns, units, z, next, weightsAddress, biasesAddress };
}

function abort(): never {
  throw new Error('the WASM module of the closed-form cells stopped');
}
