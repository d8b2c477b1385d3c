import { ChannelMap } from './channel-map.ts';
import type { CellTape, LiquidCell, Slice } from './liquid-cell.ts';
import type { LtcConfig } from './liquid-config.ts';
import { LiquidError } from './liquid-error.ts';
import type { LiquidParameter, LiquidParameters } from './liquid-parameters.ts';
import { sigmoid, softplus } from './sigmoid.ts';
import { type Currents, Synapses } from './synapses.ts';

/** Multiply-accumulates of one neuron in one sub-step: capacity, leak, and their sum. */
const MACS_PER_NEURON = 3;

/** @see LtcCell */
export interface LtcTape extends CellTape {
  timespan: number;
  /** The input as it came and as it was mapped [inputs]. */
  readonly input: Float64Array;
  readonly mapped: Float64Array;
  readonly sensoryOpen: Float64Array;
  /** State before each sub-step and after the last [unfolds + 1][units]. */
  readonly states: readonly Float64Array[];
  /** Of each sub-step: the sigmoids of its synapses, and its denominators [units]. */
  readonly open: readonly Float64Array[];
  readonly denominators: readonly Float64Array[];
}

/**
 * A liquid time-constant cell by the fused semi-implicit Euler solver, `unfolds` sub-steps a step:
 * v_j <- (c_j v_j + g_j l_j + sum a E) / (c_j + g_j + sum a + epsilon), c_j = cm_j unfolds / t
 * (Hasani et al. 2021, algorithm 1, in the form of the PyTorch reference). The first neurons are
 * the motor neurons, whose state goes out.
 */
export class LtcCell implements LiquidCell<LtcTape> {
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  readonly macs: number;
  readonly #config: LtcConfig;
  readonly #sensory: Synapses;
  readonly #recurrent: Synapses;
  readonly #leak: LiquidParameter;
  readonly #rest: LiquidParameter;
  readonly #capacity: LiquidParameter;
  readonly #inputMap: ChannelMap;
  readonly #outputMap: ChannelMap;
  readonly #sensoryCurrents: Currents;
  readonly #currents: Currents;
  readonly #dState: Float64Array;
  readonly #dMapped: Float64Array;

  /**
   * @param outputs motor neurons, where no output map says how many; default all
   * @throws LiquidError where parameters are missing or their shapes do not meet
   */
  constructor(
    parameters: LiquidParameters,
    config: LtcConfig,
    { prefix, outputs }: { prefix: string; outputs?: number | undefined },
  ) {
    const isPositive = config.constraints === 'softplus';
    this.#config = config;
    this.#recurrent = new Synapses(parameters, prefix, isPositive);
    this.#sensory = new Synapses(parameters, `${prefix}sensory_`, isPositive);
    this.units = this.#recurrent.units;
    this.inputs = this.#sensory.sources;
    const shape = [this.units];
    this.#leak = parameters.get(`${prefix}gleak`, shape);
    this.#rest = parameters.get(`${prefix}vleak`, shape);
    this.#capacity = parameters.get(`${prefix}cm`, shape);
    const map = (side: 'input' | 'output', length: number) =>
      new ChannelMap(parameters, {
        kind: side === 'input' ? config.inputMap : config.outputMap,
        prefix: `${prefix}${side}_`,
        length,
      });
    this.#inputMap = map('input', this.inputs);
    this.#outputMap = map('output', outputs ?? this.units);
    this.outputs = this.#outputMap.length;
    const isOne = this.#recurrent.sources === this.units && this.#sensory.units === this.units;
    if (!isOne || this.#inputMap.length !== this.inputs || this.outputs > this.units) {
      throw new LiquidError('bad-parameter', `${prefix}: shapes of synapses and maps do not meet`);
    }
    const neurons = MACS_PER_NEURON * this.units;
    this.macs = this.#sensory.macs + config.unfolds * (this.#recurrent.macs + neurons);
    const currents = () => ({ driven: this.#empty(), conductance: this.#empty() });
    this.#sensoryCurrents = currents();
    this.#currents = currents();
    this.#dState = this.#empty();
    this.#dMapped = new Float64Array(this.inputs);
  }

  openTape(): LtcTape {
    const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
    const { unfolds } = this.#config;
    const states = times(unfolds + 1, () => this.#empty());
    return {
      timespan: 1,
      input: new Float64Array(this.inputs),
      mapped: new Float64Array(this.inputs),
      sensoryOpen: new Float64Array(this.#sensory.count),
      states,
      open: times(unfolds, () => new Float64Array(this.#recurrent.count)),
      denominators: times(unfolds, () => this.#empty()),
      next: states[unfolds] as Float64Array,
      output: new Float64Array(this.outputs),
    };
  }

  forward(tape: LtcTape, input: Slice, state: Slice, timespan: number): void {
    tape.timespan = timespan;
    for (let i = 0; i < this.inputs; i++) tape.input[i] = input.values[input.at + i] as number;
    this.#inputMap.forward(tape.input, 0, tape.mapped);
    const sensory = this.#sensoryCurrents;
    clear(sensory);
    this.#sensory.forward({ values: tape.mapped, at: 0 }, tape.sensoryOpen, sensory);
    const [first] = tape.states as [Float64Array];
    for (let j = 0; j < this.units; j++) first[j] = state.values[state.at + j] as number;
    for (let k = 0; k < this.#config.unfolds; k++) this.#substep(tape, k);
    this.#outputMap.forward(tape.next, 0, tape.output);
  }

  #substep(tape: LtcTape, k: number): void {
    const before = tape.states[k] as Float64Array;
    const after = tape.states[k + 1] as Float64Array;
    const denominators = tape.denominators[k] as Float64Array;
    const { driven, conductance } = this.#currents;
    driven.set(this.#sensoryCurrents.driven);
    conductance.set(this.#sensoryCurrents.conductance);
    this.#recurrent.forward(
      { values: before, at: 0 },
      tape.open[k] as Float64Array,
      this.#currents,
    );
    const perTime = this.#config.unfolds / tape.timespan;
    for (let j = 0; j < this.units; j++) {
      const c = this.#positive(this.#capacity, j) * perTime;
      const leak = this.#positive(this.#leak, j);
      const rest = this.#rest.values[j] as number;
      const above = c * (before[j] as number) + leak * rest + (driven[j] as number);
      const below = c + leak + (conductance[j] as number) + this.#config.epsilon;
      denominators[j] = below;
      after[j] = above / below;
    }
  }

  backward(tape: LtcTape, gradients: Parameters<LiquidCell['backward']>[1]): void {
    const { dNext, dOutput, dInput, dState } = gradients;
    const d = this.#dState;
    for (let j = 0; j < this.units; j++) d[j] = dNext.values[dNext.at + j] as number;
    if (dOutput !== undefined) this.#outputMap.backward(tape.next, dOutput, { dx: d, dxAt: 0 });
    clear(this.#sensoryCurrents);
    for (let k = this.#config.unfolds - 1; k >= 0; k--) this.#substepBackward(tape, k);
    this.#dMapped.fill(0);
    this.#sensory.backward({ values: tape.mapped, at: 0 }, tape.sensoryOpen, {
      currents: this.#sensoryCurrents,
      dv: { values: this.#dMapped, at: 0 },
    });
    const into = { dx: dInput.values, dxAt: dInput.at };
    this.#inputMap.backward(tape.input, this.#dMapped, into);
    for (let j = 0; j < this.units; j++) {
      const place = dState.at + j;
      dState.values[place] = (dState.values[place] as number) + (d[j] as number);
    }
  }

  /** Turns the gradient of the state after sub-step k into that before it. */
  #substepBackward(tape: LtcTape, k: number): void {
    const before = tape.states[k] as Float64Array;
    const after = tape.states[k + 1] as Float64Array;
    const denominators = tape.denominators[k] as Float64Array;
    const { driven, conductance } = this.#currents;
    const sensory = this.#sensoryCurrents;
    const perTime = this.#config.unfolds / tape.timespan;
    const d = this.#dState;
    for (let j = 0; j < this.units; j++) {
      const dAbove = (d[j] as number) / (denominators[j] as number);
      const dBelow = -dAbove * (after[j] as number);
      driven[j] = dAbove;
      conductance[j] = dBelow;
      sensory.driven[j] = (sensory.driven[j] as number) + dAbove;
      sensory.conductance[j] = (sensory.conductance[j] as number) + dBelow;
      const rest = this.#rest.values[j] as number;
      const dCapacity = (dAbove * (before[j] as number) + dBelow) * perTime;
      this.#addGradient(this.#capacity, j, dCapacity);
      this.#addGradient(this.#leak, j, dAbove * rest + dBelow);
      const { gradients } = this.#rest;
      gradients[j] = (gradients[j] as number) + dAbove * this.#positive(this.#leak, j);
      d[j] = dAbove * this.#positive(this.#capacity, j) * perTime;
    }
    this.#recurrent.backward({ values: before, at: 0 }, tape.open[k] as Float64Array, {
      currents: this.#currents,
      dv: { values: d, at: 0 },
    });
  }

  #positive({ values }: LiquidParameter, j: number): number {
    const raw = values[j] as number;
    return this.#config.constraints === 'softplus' ? softplus(raw) : raw;
  }

  #addGradient({ values, gradients }: LiquidParameter, j: number, slope: number): void {
    const isPositive = this.#config.constraints === 'softplus';
    const inner = isPositive ? sigmoid(values[j] as number) : 1;
    gradients[j] = (gradients[j] as number) + slope * inner;
  }

  #empty(): Float64Array {
    return new Float64Array(this.units);
  }
}

function clear({ driven, conductance }: Currents): void {
  driven.fill(0);
  conductance.fill(0);
}
