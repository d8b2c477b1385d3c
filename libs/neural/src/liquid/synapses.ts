import type { Slice } from './liquid-cell.ts';
import type { LiquidParameter, LiquidParameters } from './liquid-parameters.ts';
import { sigmoid, softplus } from './sigmoid.ts';

/** Multiply-accumulates of one synapse: its steepness, its weight, its reversal potential. */
const MACS_PER_SYNAPSE = 3;

/** Currents into each neuron: the sum of conductance x reversal potential, and of conductance. */
export interface Currents {
  readonly driven: Float64Array;
  readonly conductance: Float64Array;
}

/**
 * Conductance-based synapses from `sources` to `units` neurons, parameters as [source, neuron]:
 * a_ij = W_ij sigmoid(sigma_ij (v_i - mu_ij)) where a synapse exists (Hasani et al. 2021, eq. 4).
 */
export class Synapses {
  readonly sources: number;
  readonly units: number;
  readonly macs: number;
  readonly #weight: LiquidParameter;
  readonly #sigma: LiquidParameter;
  readonly #mu: LiquidParameter;
  readonly #reversal: LiquidParameter;
  readonly #isPositive: boolean;
  /** Indices of the synapses that exist, into the [source, neuron] arrays. */
  readonly #existing: Int32Array;

  /**
   * @param prefix `rnn_cell.sensory_` or `rnn_cell.`
   * @param isPositive weights go through a softplus
   */
  constructor(parameters: LiquidParameters, prefix: string, isPositive: boolean) {
    this.#weight = parameters.get(`${prefix}w`);
    const { shape } = this.#weight;
    const [sources = 0, units = 0] = shape;
    this.sources = sources;
    this.units = units;
    this.#sigma = parameters.get(`${prefix}sigma`, shape);
    this.#mu = parameters.get(`${prefix}mu`, shape);
    this.#reversal = parameters.get(`${prefix}erev`, shape);
    this.#isPositive = isPositive;
    const mask = parameters.mask(`${prefix}sparsity_mask`, shape);
    const all = Int32Array.from({ length: sources * units }, (_, index) => index);
    this.#existing = mask === undefined ? all : all.filter((index) => mask[index] !== 0);
    this.macs = MACS_PER_SYNAPSE * this.#existing.length;
  }

  /** How many exist. */
  get count(): number {
    return this.#existing.length;
  }

  /** Adds to `into`. @param open [count] takes the sigmoid of each synapse, for `backward` */
  forward(v: Slice, open: Float64Array, { driven, conductance }: Currents): void {
    const { units } = this;
    const existing = this.#existing;
    for (let k = 0; k < existing.length; k++) {
      const index = existing[k] as number;
      const target = index % units;
      const source = v.at + (index - target) / units;
      const above = (v.values[source] as number) - (this.#mu.values[index] as number);
      const share = sigmoid((this.#sigma.values[index] as number) * above);
      open[k] = share;
      const a = this.#weightOf(index) * share;
      const reversal = this.#reversal.values[index] as number;
      driven[target] = (driven[target] as number) + a * reversal;
      conductance[target] = (conductance[target] as number) + a;
    }
  }

  /** Adds to the parameters' gradients and to `dv`, from the gradients of the currents. */
  backward(v: Slice, open: Float64Array, slopes: { currents: Currents; dv: Slice }): void {
    const { dv, currents } = slopes;
    const { units } = this;
    const existing = this.#existing;
    for (let k = 0; k < existing.length; k++) {
      const index = existing[k] as number;
      const target = index % units;
      const source = (index - target) / units;
      const dDriven = currents.driven[target] as number;
      const reversal = this.#reversal.values[index] as number;
      const da = dDriven * reversal + (currents.conductance[target] as number);
      const share = open[k] as number;
      const weight = this.#weightOf(index);
      addAt(this.#reversal.gradients, index, dDriven * weight * share);
      const raw = this.#weight.values[index] as number;
      addAt(this.#weight.gradients, index, da * share * (this.#isPositive ? sigmoid(raw) : 1));
      const dSum = da * weight * share * (1 - share);
      const sigma = this.#sigma.values[index] as number;
      const above = (v.values[v.at + source] as number) - (this.#mu.values[index] as number);
      addAt(this.#sigma.gradients, index, dSum * above);
      addAt(this.#mu.gradients, index, -dSum * sigma);
      addAt(dv.values, dv.at + source, dSum * sigma);
    }
  }

  #weightOf(index: number): number {
    const raw = this.#weight.values[index] as number;
    return this.#isPositive ? softplus(raw) : raw;
  }
}

function addAt(into: Float64Array, index: number, value: number): void {
  into[index] = (into[index] as number) + value;
}
