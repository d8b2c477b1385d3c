import type { SeededRandom } from '@levitate/clock';
import { autoNcp, type Wiring } from './auto-ncp.ts';
import type { LiquidConfig } from './liquid-config.ts';
import type { LiquidArray } from './liquid-parameters.ts';

/** Sizes that a config leaves open. */
export interface LiquidSizes {
  inputs: number;
  /** Neurons, motor neurons included. */
  units: number;
  /** Motor neurons of a wired cell or of an LTC; default all units. */
  motors?: number;
  /** Outputs of the projection, where there is one. */
  outputs?: number;
  /** Width of the backbone layers; default 32. */
  backboneUnits?: number;
  /** Of a wired network, see `autoNcp`. */
  sparsity?: number;
  /** Of the wiring; members of one ensemble may share it. Default: drawn from `random`. */
  wiringSeed?: number | string;
}

type Arrays = Record<string, LiquidArray>;
type Draw = (low: number, high: number) => number;

/**
 * Parameters to start training from, named as the reference names them: uniform by Glorot and
 * Bengio 2010 for linear maps, zero offsets, and for LTC cells the ranges of Hasani et al. 2021.
 */
export function initialParameters(
  config: LiquidConfig,
  sizes: LiquidSizes,
  random: SeededRandom,
): Arrays {
  const { inputs, units } = sizes;
  const arrays: Arrays = {};
  const draw: Draw = (low, high) => random.uniform(low, high);
  const motors = sizes.motors ?? units;
  const wiringSeed = sizes.wiringSeed ?? random.fork('wiring').nextU32();
  const { sparsity = 0.4 } = sizes;
  const wiring = config.wired
    ? autoNcp({ inputs, units, outputs: motors, sparsity, seed: wiringSeed })
    : undefined;
  if (config.mixedMemory) addMemory(arrays, { inputs, units }, draw);
  if (config.cell === 'ltc') addLtc(arrays, { config, inputs, units, motors, wiring }, draw);
  else if (wiring !== undefined) addWiredCfc(arrays, { config, wiring }, draw);
  else addCfc(arrays, { config, sizes, prefix: 'rnn_cell.', width: inputs, units }, draw);
  if (config.outputProjection) {
    const given = config.cell === 'ltc' || config.wired ? motors : units;
    addLinear(arrays, 'fc', { outputs: sizes.outputs ?? 1, inputs: given }, draw);
  }
  return arrays;
}

function addCfc(
  arrays: Arrays,
  options: {
    config: LiquidConfig & { cell: 'cfc' };
    sizes?: LiquidSizes;
    prefix: string;
    width: number;
    units: number;
  },
  draw: Draw,
): void {
  const { config, sizes, prefix, units } = options;
  const layers = config.wired ? 0 : config.backboneLayers;
  const backboneUnits = sizes?.backboneUnits ?? 32;
  let width = options.width + units;
  for (let k = 0; k < layers; k++) {
    // Every second place holds an activation in the reference.
    addLinear(
      arrays,
      `${prefix}backbone.${2 * k}`,
      { outputs: backboneUnits, inputs: width },
      draw,
    );
    width = backboneUnits;
  }
  const heads = config.mode === 'pure' ? ['ff1'] : ['ff1', 'ff2', 'time_a', 'time_b'];
  for (const head of heads) {
    addLinear(arrays, `${prefix}${head}`, { outputs: units, inputs: width }, draw);
  }
  if (config.mode !== 'pure') return;
  arrays[`${prefix}w_tau`] = filled([1, units], () => 0);
  arrays[`${prefix}A`] = filled([1, units], () => 1);
}

function addWiredCfc(
  arrays: Arrays,
  { config, wiring }: { config: LiquidConfig & { cell: 'cfc' }; wiring: Wiring },
  draw: Draw,
): void {
  let sources: readonly number[] = Array.from({ length: wiring.inputs }, (_, index) => index);
  let matrix = wiring.sensory;
  wiring.layers.forEach((neurons, layer) => {
    const prefix = `rnn_cell.layer_${layer}.`;
    const size = { config, prefix, width: sources.length, units: neurons.length };
    addCfc(arrays, size, draw);
    const mask = neurons.flatMap((target) => [
      ...sources.map((source) => Math.abs(matrix[source * wiring.units + target] ?? 0)),
      // Within a layer all are connected, as in the reference.
      ...neurons.map(() => 1),
    ]);
    const shape = [neurons.length, sources.length + neurons.length];
    arrays[`${prefix}sparsity_mask`] = { shape, data: mask };
    sources = neurons;
    matrix = wiring.adjacency;
  });
}

function addLtc(
  arrays: Arrays,
  options: {
    config: LiquidConfig & { cell: 'ltc' };
    inputs: number;
    units: number;
    motors: number;
    wiring: Wiring | undefined;
  },
  draw: Draw,
): void {
  const { config, inputs, units, motors, wiring } = options;
  const name = (rest: string) => `rnn_cell.${rest}`;
  arrays[name('gleak')] = filled([units], () => draw(0.001, 1));
  arrays[name('vleak')] = filled([units], () => draw(-0.2, 0.2));
  arrays[name('cm')] = filled([units], () => draw(0.4, 0.6));
  for (const [side, sources] of [['', units] as const, ['sensory_', inputs] as const]) {
    const shape = [sources, units];
    arrays[name(`${side}sigma`)] = filled(shape, () => draw(3, 8));
    arrays[name(`${side}mu`)] = filled(shape, () => draw(0.3, 0.8));
    arrays[name(`${side}w`)] = filled(shape, () => draw(0.001, 1));
    const signs = side === '' ? wiring?.adjacency : wiring?.sensory;
    const reversal = signs ?? filled(shape, () => (draw(0, 3) < 1 ? -1 : 1)).data;
    arrays[name(`${side}erev`)] = { shape, data: Float64Array.from(reversal) };
    const mask = Float64Array.from(reversal, Math.abs);
    arrays[name(`${side}sparsity_mask`)] = { shape, data: mask };
  }
  addMap(arrays, { prefix: name('input_'), kind: config.inputMap, length: inputs });
  addMap(arrays, { prefix: name('output_'), kind: config.outputMap, length: motors });
}

function addMap(
  arrays: Arrays,
  { prefix, kind, length }: { prefix: string; kind: string; length: number },
): void {
  if (kind === 'none') return;
  arrays[`${prefix}w`] = filled([length], () => 1);
  if (kind === 'affine') arrays[`${prefix}b`] = filled([length], () => 0);
}

function addMemory(arrays: Arrays, size: { inputs: number; units: number }, draw: Draw): void {
  const outputs = 4 * size.units;
  addLinear(arrays, 'lstm.input_map', { outputs, inputs: size.inputs }, draw);
  addLinear(arrays, 'lstm.recurrent_map', { outputs, inputs: size.units }, draw);
  delete arrays['lstm.recurrent_map.bias'];
}

function addLinear(
  arrays: Arrays,
  name: string,
  { outputs, inputs }: { outputs: number; inputs: number },
  draw: Draw,
): void {
  const bound = Math.sqrt(6 / (inputs + outputs));
  arrays[`${name}.weight`] = filled([outputs, inputs], () => draw(-bound, bound));
  arrays[`${name}.bias`] = filled([outputs], () => 0);
}

function filled(shape: readonly number[], value: () => number): LiquidArray {
  const count = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Float64Array.from({ length: count }, value) };
}
