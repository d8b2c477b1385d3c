import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import type { Kernel } from './kernel/kernel.ts';
import type { Workspace } from './kernel/workspace.ts';
import { GrownArray } from './layers/grown-array.ts';
import type { Layer, Shape } from './layers/layer.ts';
import type { LayerParameter } from './layers/layer-parameter.ts';
import { openLayer } from './layers/open-layer.ts';
import type { LossFunction } from './loss-function.ts';
import { checkFinite, checkSpec } from './network-checks.ts';
import type { NetworkSpec } from './network-spec.ts';
import type { NetworkState } from './network-state.ts';
import { toBatchOrder, toStepOrder } from './step-order.ts';

/** Weights by name and shape, in Keras order. `values` is the memory the network works on. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a network is made with. */
export interface NetworkOptions {
  kernel: Kernel;
  /** Of the starting weights; each parameter has its own stream of it. */
  seed: number | string;
}

/**
 * A network of layers on one kernel. Not to be used by two callers at once: passes share memory.
 *
 * @throws RangeError for a spec that describes no network
 */
export class Network {
  readonly spec: NetworkSpec;
  readonly kernel: Kernel;
  /** Memory and operations, for those who compute beside the network (an optimizer). */
  readonly workspace: Workspace;
  readonly parameters: readonly Parameter[];
  /** All parameters behind one another, in their order: the memory behind `parameters`. */
  readonly values: Float32Array;
  /** Numbers that one sequence gives: the last width, times the steps where they remain. */
  readonly outputs: number;
  readonly #gradients: Float32Array;
  readonly #layers: readonly Layer[];
  readonly #output: Shape;
  readonly #input: GrownArray;
  readonly #outputGradient: GrownArray;
  readonly #firstTrained: number;

  constructor(spec: NetworkSpec, { kernel, seed }: NetworkOptions) {
    checkSpec(spec);
    this.spec = spec;
    this.kernel = kernel;
    this.workspace = kernel.openWorkspace();
    this.#layers = openLayers(spec, this.workspace);
    const parameters = this.#layers.flatMap((layer) => layer.parameters);
    const length = parameters.reduce((sum, each) => sum + each.length, 0);
    this.values = this.workspace.allocate(length);
    this.#gradients = this.workspace.allocate(length);
    bindAndStart(parameters, { values: this.values, gradients: this.#gradients, seed });
    this.parameters = parameters;
    this.#output = (this.#layers.at(-1) as Layer).output;
    this.outputs = this.#output.width * (this.#output.steps ?? 1);
    this.#input = new GrownArray(this.workspace);
    this.#outputGradient = new GrownArray(this.workspace);
    this.#firstTrained = this.#layers.findIndex((layer) => layer.parameters.length > 0);
  }

  /** The kernel by its name, as an `AnsweringNetwork` says it. */
  get backend(): string {
    return this.kernel.name;
  }

  /**
   * @param input [batch, steps, features]
   * @returns [batch, outputs], a copy
   * @throws RangeError for an input of another length or with a number that is not finite, and
   *   where the network gives such a number: no NaN ever comes out
   */
  predict(input: Float32Array, batch: number): Float32Array {
    const output = this.#forward(input, batch, undefined);
    const { steps = 1, width } = this.#output;
    const result = new Float32Array(batch * this.outputs);
    toBatchOrder(output, result, { steps, batch, width });
    checkFinite(result, result.length, 'output');
    return result;
  }

  /**
   * A state for `step`, at its beginning (all zero).
   * @throws RangeError where a layer needs the whole window (attention, the mean of the steps)
   */
  openState(batch: number): NetworkState {
    const stuck = this.#layers.findIndex((layer) => layer.stateWidth === undefined);
    if (stuck !== -1) {
      const kind = this.spec.layers[stuck]?.kind;
      throw new RangeError(`a network with ${kind} (layer ${stuck}) cannot go step by step`);
    }
    const width = this.#layers.reduce((sum, layer) => sum + (layer.stateWidth ?? 0), 0);
    return { batch, width, values: new Float32Array(batch * width) };
  }

  /**
   * One step of every sequence, carrying on from `state`, which then holds the new state. After as
   * many steps as a window has the output is that of `predict` on the window.
   *
   * @param input [batch, features]
   * @returns [batch, width of the last layer], a copy
   * @throws RangeError as `predict`; the state is as before then
   */
  step(input: Float32Array, state: NetworkState): Float32Array {
    const { batch } = state;
    const { features } = this.spec;
    if (input.length !== batch * features) {
      throw new RangeError(`a step has ${batch} x ${features} numbers, got ${input.length}`);
    }
    checkFinite(input, input.length, 'input');
    const next = Float32Array.from(state.values);
    const memory = this.#input.atLeast(input.length);
    memory.set(input);
    let values: Float32Array = memory;
    let offset = 0;
    for (const layer of this.#layers) {
      values = layer.step(values, batch, { values: next, offset, stride: state.width });
      offset += layer.stateWidth ?? 0;
    }
    const result = Float32Array.from(values.subarray(0, batch * this.#output.width));
    checkFinite(result, result.length, 'output');
    state.values.set(next);
    return result;
  }

  /**
   * Forward with dropout, loss, backward.
   * @returns the loss and the gradients, flat in the order of `parameters`; that array is the
   *   network's own and holds until the next call
   * @throws RangeError as `predict`, and for a loss that is not finite
   */
  gradients(batch: TrainingBatch): { loss: number; gradients: Float32Array } {
    const { input, count, loss, random } = batch;
    const { steps = 1, width } = this.#output;
    const order = { steps, batch: count, width };
    const output = this.#forward(input, count, random);
    const length = count * this.outputs;
    const memory = this.#outputGradient.atLeast(3 * length);
    const upstream = memory.subarray(0, length);
    const gradient = memory.subarray(length, 2 * length).fill(0);
    // The loss sees sequences as its caller knows them, one after the other.
    const seen = toBatchOrder(output, memory.subarray(2 * length, 3 * length), order);
    const value = loss(seen, gradient, count);
    if (!Number.isFinite(value)) throw new RangeError(`the loss is ${value}, not a finite number`);
    toStepOrder(gradient, upstream, order);
    this.#gradients.fill(0);
    let flowing = upstream;
    for (let index = this.#layers.length - 1; index >= this.#firstTrained; index--) {
      const needsInputGradient = index > this.#firstTrained;
      const layer = this.#layers[index] as Layer;
      flowing = layer.backward({ outputGradient: flowing, batch: count, needsInputGradient });
    }
    return { loss: value, gradients: this.#gradients };
  }

  #forward(input: Float32Array, batch: number, random: SeededRandom | undefined): Float32Array {
    const { steps, features } = this.spec;
    const length = batch * steps * features;
    if (!Number.isInteger(batch) || batch < 1 || input.length !== length) {
      const want = `${batch} x ${steps} x ${features}`;
      throw new RangeError(`an input has ${want} numbers, got ${input.length}`);
    }
    checkFinite(input, length, 'input');
    const memory = this.#input.atLeast(length);
    let values = toStepOrder(input, memory, { steps, batch, width: features });
    for (const layer of this.#layers) values = layer.forward({ input: values, batch, random });
    return values;
  }
}

/** One batch to learn from. */
export interface TrainingBatch {
  /** [count, steps, features] */
  input: Float32Array;
  count: number;
  loss: LossFunction;
  /** What dropout draws from. */
  random: SeededRandom;
}

function openLayers(spec: NetworkSpec, workspace: Workspace): Layer[] {
  let input: Shape = { steps: spec.steps, width: spec.features };
  return spec.layers.map((each, index) => {
    const layer = openLayer({ workspace, input, name: `${index}.${each.kind}` }, each);
    input = layer.output;
    return layer;
  });
}

/** Hands each parameter its part of the flat arrays and its starting values. */
function bindAndStart(
  parameters: readonly LayerParameter[],
  options: { values: Float32Array; gradients: Float32Array; seed: number | string },
): void {
  const { values, gradients, seed } = options;
  const random = new SeededRandom(seed);
  let at = 0;
  for (const each of parameters) {
    const end = at + each.length;
    each.bind(values.subarray(at, end), gradients.subarray(at, end));
    const initial = each.initial(random.fork(each.name));
    assert(initial.length === each.length, `${each.name} starts with ${initial.length} numbers`);
    each.values.set(initial);
    at = end;
  }
}
