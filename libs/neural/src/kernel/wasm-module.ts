import { readFile } from 'node:fs/promises';
import { type WasmModule, webAssembly } from './web-assembly.ts';

/** What the WASM modules export; see `assembly/index.ts`. Addresses are in bytes. */
export interface WasmExports {
  product(
    ...args: [
      ...[a: number, strideA: number, transposeA: number],
      ...[b: number, strideB: number, transposeB: number],
      ...[c: number, strideC: number, rows: number, columns: number, depth: number],
      ...[accumulate: number, scratch: number],
    ]
  ): void;
  productScratchBytes(): number;
  addToRows(values: number, row: number, rows: number, columns: number): void;
  sumRows(values: number, sums: number, rows: number, columns: number): void;
  activate(kind: number, input: number, output: number, length: number): void;
  activateBackward(kind: number, output: number, gradient: number, length: number): void;
  add(target: number, source: number, length: number): void;
  multiply(target: number, source: number, length: number): void;
  scale(target: number, factor: number, length: number): void;
  sumOfSquares(values: number, length: number): number;
  lstmCell(
    ...args: [
      ...[gates: number, cellBefore: number, cell: number, cellTanh: number, hidden: number],
      ...[batch: number, units: number],
    ]
  ): void;
  lstmSteps(
    ...args: [
      ...[recurrent: number, gates: number, hiddens: number, cells: number, cellTanhs: number],
      ...[steps: number, batch: number, units: number, scratch: number],
    ]
  ): void;
  lstmCellBackward(
    ...args: [
      ...[gates: number, cellBefore: number, cellTanh: number],
      ...[hiddenGradient: number, cellGradient: number, batch: number, units: number],
    ]
  ): void;
  normalizeRows(
    ...args: [
      ...[input: number, gamma: number, beta: number, output: number, normalized: number],
      ...[inverseDeviation: number, rows: number, columns: number, epsilon: number],
    ]
  ): void;
  normalizeRowsBackward(
    ...args: [
      ...[outputGradient: number, gamma: number, normalized: number, inverseDeviation: number],
      ...[inputGradient: number, gammaGradient: number, betaGradient: number],
      ...[rows: number, columns: number],
    ]
  ): void;
  softmaxRows(values: number, rows: number, columns: number): void;
  softmaxRowsBackward(output: number, gradient: number, rows: number, columns: number): void;
  closedFormCell(
    ...args: [
      ...[z: number, weights: number, biases: number, next: number],
      ...[columns: number, units: number, timespan: number],
    ]
  ): void;
  adam(
    ...args: [
      ...[values: number, gradients: number, firstMoment: number, secondMoment: number],
      ...[gradientScale: number, beta1: number, beta2: number, rate: number],
      ...[secondCorrection: number, epsilon: number, length: number],
    ]
  ): void;
}

/** The builds of the kernel: relaxed SIMD has a fused multiply-add, where the engine knows it. */
export type WasmVariant = 'simd' | 'relaxed-simd';

const modules = new Map<WasmVariant, Promise<WasmModule>>();

/** @returns the compiled module, compiled once in a process. */
export function wasmModule(variant: WasmVariant): Promise<WasmModule> {
  const known = modules.get(variant);
  if (known !== undefined) return known;
  const file = new URL(`./wasm/${variant}.wasm`, import.meta.url);
  const module = readFile(file).then((bytes) => webAssembly.compile(bytes));
  modules.set(variant, module);
  return module;
}

/** @returns whether the engine knows the instructions (Node 24 does, Node 20 does not). */
export async function hasRelaxedSimd(): Promise<boolean> {
  const file = new URL('./wasm/relaxed-simd.wasm', import.meta.url);
  return webAssembly.validate(await readFile(file));
}
