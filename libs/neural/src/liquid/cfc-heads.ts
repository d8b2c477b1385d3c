import { LinearMap } from './linear-map.ts';
import type { Slice } from './liquid-cell.ts';
import type { CfcMode } from './liquid-config.ts';
import type { LiquidParameter, LiquidParameters } from './liquid-parameters.ts';
import { sigmoid } from './sigmoid.ts';

/** What the heads keep of one step; all [units]. */
export interface HeadsTape {
  timespan: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly gate: Float64Array;
  readonly next: Float64Array;
}

/**
 * The heads of a closed-form cell on the backbone's z, with time t since the last step:
 * f = tanh(W1 z + b1), g = tanh(W2 z + b2), s = sigmoid((Wa z + ba) t + (Wb z + bb));
 * `default` f (1 - s) + s g; `no_gate` f + s g; `pure` A - A f exp(-t (|w| + |f|)) with f linear
 * (Hasani et al. 2022, equations 2 and 10, in the form of the PyTorch reference). A mask multiplies
 * W1 and W2 only.
 */
export class CfcHeads {
  readonly inputs: number;
  readonly units: number;
  readonly macs: number;
  readonly #mode: CfcMode;
  readonly #first: LinearMap;
  /** W2, Wa and Wb; a `pure` cell has none of them. */
  readonly #others: readonly [LinearMap, LinearMap, LinearMap] | undefined;
  readonly #decay: { w: LiquidParameter; a: LiquidParameter } | undefined;
  readonly #scratch: readonly [Float64Array, Float64Array, Float64Array, Float64Array];

  constructor(parameters: LiquidParameters, mode: CfcMode, prefix: string) {
    const weight = parameters.get(`${prefix}ff1.weight`);
    const [units = 0, inputs = 0] = weight.shape;
    this.units = units;
    this.inputs = inputs;
    this.#mode = mode;
    const mask = parameters.mask(`${prefix}sparsity_mask`, weight.shape);
    const map = (name: string, masked: boolean) =>
      new LinearMap(
        parameters.get(`${prefix}${name}.weight`, [units, inputs]),
        parameters.get(`${prefix}${name}.bias`, [units]),
        masked ? mask : undefined,
      );
    this.#first = map('ff1', true);
    if (mode === 'pure') {
      const w = parameters.get(`${prefix}w_tau`, [1, units]);
      this.#decay = { w, a: parameters.get(`${prefix}A`, [1, units]) };
    } else {
      this.#others = [map('ff2', true), map('time_a', false), map('time_b', false)];
    }
    const maps = [this.#first, ...(this.#others ?? [])];
    this.macs = maps.reduce((sum, { macs }) => sum + macs, 0);
    const empty = () => new Float64Array(units);
    this.#scratch = [empty(), empty(), empty(), empty()];
  }

  openTape(): HeadsTape {
    const empty = () => new Float64Array(this.units);
    return { timespan: 1, first: empty(), second: empty(), gate: empty(), next: empty() };
  }

  forward(tape: HeadsTape, z: Float64Array, timespan: number): void {
    tape.timespan = timespan;
    const { first, second, gate, next } = tape;
    this.#first.forward(z, first);
    if (this.#others === undefined) {
      this.#decayForward(tape);
      return;
    }
    const [, , rate, offset] = this.#scratch;
    const isGated = this.#mode === 'default';
    this.#others[0].forward(z, second);
    this.#others[1].forward(z, rate);
    this.#others[2].forward(z, offset);
    for (let j = 0; j < this.units; j++) {
      const f = Math.tanh(first[j] as number);
      const g = Math.tanh(second[j] as number);
      const s = sigmoid((rate[j] as number) * timespan + (offset[j] as number));
      first[j] = f;
      second[j] = g;
      gate[j] = s;
      next[j] = isGated ? f * (1 - s) + s * g : f + s * g;
    }
  }

  /** Adds to the parameters' gradients and to `dx`, the gradient of z. */
  backward(
    tape: HeadsTape,
    z: Float64Array,
    { dNext, dOutput, dx }: { dNext: Slice; dOutput: Float64Array | undefined; dx: Float64Array },
  ): void {
    const [dFirst, dSecond, dRate, dOffset] = this.#scratch;
    const { first, second, gate, timespan } = tape;
    const isGated = this.#mode === 'default';
    for (let j = 0; j < this.units; j++) {
      const d = (dNext.values[dNext.at + j] as number) + (dOutput?.[j] ?? 0);
      const f = first[j] as number;
      if (this.#others === undefined) {
        dFirst[j] = this.#decayBackward({ j, d, f, timespan });
        continue;
      }
      const g = second[j] as number;
      const s = gate[j] as number;
      dFirst[j] = (isGated ? d * (1 - s) : d) * (1 - f * f);
      dSecond[j] = d * s * (1 - g * g);
      const dGate = d * (isGated ? g - f : g) * s * (1 - s);
      dRate[j] = dGate * timespan;
      dOffset[j] = dGate;
    }
    this.#first.backward(z, dFirst, dx);
    if (this.#others === undefined) return;
    this.#others[0].backward(z, dSecond, dx);
    this.#others[1].backward(z, dRate, dx);
    this.#others[2].backward(z, dOffset, dx);
  }

  #decayForward({ first, next, timespan }: HeadsTape): void {
    const w = (this.#decay as { w: LiquidParameter }).w.values;
    const a = (this.#decay as { a: LiquidParameter }).a.values;
    for (let j = 0; j < this.units; j++) {
      const f = first[j] as number;
      const left = Math.exp(-timespan * (Math.abs(w[j] as number) + Math.abs(f)));
      next[j] = (a[j] as number) - (a[j] as number) * f * left;
    }
  }

  #decayBackward(step: { j: number; d: number; f: number; timespan: number }): number {
    const { j, d, f, timespan } = step;
    const { w, a } = this.#decay as { w: LiquidParameter; a: LiquidParameter };
    const rate = w.values[j] as number;
    const level = a.values[j] as number;
    const left = Math.exp(-timespan * (Math.abs(rate) + Math.abs(f)));
    a.gradients[j] = (a.gradients[j] as number) + d * (1 - f * left);
    const dRate = d * level * f * left * timespan * Math.sign(rate);
    w.gradients[j] = (w.gradients[j] as number) + dRate;
    return -d * level * left * (1 - Math.abs(f) * timespan);
  }
}
