import { type ActivationFunction, activationOf } from './backbone-activation.ts';
import { CfcHeads, type HeadsTape } from './cfc-heads.ts';
import { LinearMap } from './linear-map.ts';
import type { CellTape, LiquidCell, Slice } from './liquid-cell.ts';
import type { CfcConfig } from './liquid-config.ts';
import { LiquidError } from './liquid-error.ts';
import type { LiquidParameters } from './liquid-parameters.ts';

/** @see CfcCell */
export interface CfcTape extends CellTape {
  /** Input and old state [inputs + units], then what each backbone layer gave. */
  readonly layers: readonly Float64Array[];
  /** The backbone layers before their activation. */
  readonly sums: readonly Float64Array[];
  readonly heads: HeadsTape;
}

/**
 * A closed-form continuous-time cell: any number of backbone layers on [input, state], then the
 * heads. Equations in the form of the PyTorch reference, see `CfcHeads`.
 */
export class CfcCell implements LiquidCell<CfcTape> {
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  readonly macs: number;
  readonly #backbone: readonly LinearMap[];
  readonly #activation: ActivationFunction;
  readonly #heads: CfcHeads;
  /** Gradients of each layer's output; scratch of `backward`. */
  readonly #dLayers: readonly Float64Array[];
  readonly #dSums: readonly Float64Array[];

  /**
   * @param prefix of the parameters' names, such as `rnn_cell.`
   * @throws LiquidError where parameters are missing or their shapes do not meet
   */
  constructor(parameters: LiquidParameters, config: CfcConfig, prefix: string) {
    // Some versions of the reference hold a layer that a cell without a backbone does not use.
    const layers = config.wired ? 0 : config.backboneLayers;
    this.#backbone = backboneOf(parameters, prefix).slice(0, layers);
    if (this.#backbone.length < layers) {
      const text = `${prefix}backbone has ${this.#backbone.length} layers, the config ${layers}`;
      throw new LiquidError('bad-config', text);
    }
    this.#activation = activationOf[config.backboneActivation ?? 'lecun_tanh'];
    this.#heads = new CfcHeads(parameters, config.mode, prefix);
    this.units = this.#heads.units;
    this.outputs = this.units;
    const width = this.#backbone[0]?.inputs ?? this.#heads.inputs;
    this.inputs = width - this.units;
    this.macs = this.#heads.macs + this.#backbone.reduce((sum, { macs }) => sum + macs, 0);
    const widths = [width, ...this.#backbone.map(({ outputs }) => outputs)];
    const expected = [...this.#backbone.map(({ inputs }) => inputs), this.#heads.inputs];
    if (this.inputs < 1 || widths.join() !== expected.join()) {
      const text = `${prefix}: layers of ${expected.join(', ')} inputs after ${widths.join(', ')}`;
      throw new LiquidError('bad-parameter', text);
    }
    this.#dLayers = widths.map((length) => new Float64Array(length));
    this.#dSums = this.#backbone.map(({ outputs }) => new Float64Array(outputs));
  }

  openTape(): CfcTape {
    const heads = this.#heads.openTape();
    return {
      layers: this.#dLayers.map(({ length }) => new Float64Array(length)),
      sums: this.#dSums.map(({ length }) => new Float64Array(length)),
      heads,
      next: heads.next,
      output: heads.next,
    };
  }

  forward(tape: CfcTape, input: Slice, state: Slice, timespan: number): void {
    const [joined] = tape.layers as [Float64Array];
    const { inputs, units } = this;
    for (let i = 0; i < inputs; i++) joined[i] = input.values[input.at + i] as number;
    for (let j = 0; j < units; j++) joined[inputs + j] = state.values[state.at + j] as number;
    for (let k = 0; k < this.#backbone.length; k++) {
      const sums = tape.sums[k] as Float64Array;
      const given = tape.layers[k + 1] as Float64Array;
      this.#backbone[k]?.forward(tape.layers[k] as Float64Array, sums);
      for (let j = 0; j < sums.length; j++) given[j] = this.#activation.value(sums[j] as number);
    }
    this.#heads.forward(tape.heads, tape.layers.at(-1) as Float64Array, timespan);
  }

  backward(tape: CfcTape, gradients: Parameters<LiquidCell['backward']>[1]): void {
    const { dInput, dState } = gradients;
    for (const layer of this.#dLayers) layer.fill(0);
    const last = this.#dLayers.at(-1) as Float64Array;
    this.#heads.backward(tape.heads, tape.layers.at(-1) as Float64Array, {
      ...gradients,
      dx: last,
    });
    for (let k = this.#backbone.length - 1; k >= 0; k--) {
      const sums = tape.sums[k] as Float64Array;
      const dSums = this.#dSums[k] as Float64Array;
      const dGiven = this.#dLayers[k + 1] as Float64Array;
      for (let j = 0; j < sums.length; j++) {
        dSums[j] = (dGiven[j] as number) * this.#activation.slope(sums[j] as number);
      }
      const dLayer = this.#dLayers[k] as Float64Array;
      this.#backbone[k]?.backward(tape.layers[k] as Float64Array, dSums, dLayer);
    }
    const [dJoined] = this.#dLayers as [Float64Array];
    add(dInput, dJoined, 0, this.inputs);
    add(dState, dJoined, this.inputs, this.units);
  }
}

function add(into: Slice, from: Float64Array, fromAt: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const place = into.at + i;
    into.values[place] = (into.values[place] as number) + (from[fromAt + i] as number);
  }
}

/**
 * The linear maps `backbone.N` in order of N. The reference numbers activations and dropouts too,
 * so that N has gaps.
 */
function backboneOf(parameters: LiquidParameters, prefix: string): LinearMap[] {
  const start = `${prefix}backbone.`;
  const numbers = parameters.list
    .filter(({ name }) => name.startsWith(start) && name.endsWith('.weight'))
    .map(({ name }) => Number(name.slice(start.length, -'.weight'.length)))
    .sort((a, b) => a - b);
  return numbers.map((number) => {
    const weight = parameters.get(`${start}${number}.weight`);
    const bias = parameters.get(`${start}${number}.bias`, weight.shape.slice(0, 1));
    return new LinearMap(weight, bias);
  });
}
