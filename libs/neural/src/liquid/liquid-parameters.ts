import { LiquidError } from './liquid-error.ts';

/** Numbers with a shape, row by row, as the reference vectors and model files hold them. */
export interface LiquidArray {
  shape: readonly number[];
  data: ArrayLike<number>;
}

/** Named arrays; names and shapes are those of the reference package's PyTorch form. */
export type LiquidArrays = Readonly<Record<string, LiquidArray>>;

/** One parameter with its gradient; both are windows into the network's flat arrays. */
export interface LiquidParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly gradients: Float64Array;
}

/** Masks say which synapses exist; they are no parameters that learn. */
const MASK = /sparsity_mask$/;

/**
 * All parameters of a network in two flat float64 arrays, in the order they were named, so that an
 * optimiser sees one vector.
 */
export class LiquidParameters {
  readonly values: Float64Array;
  readonly gradients: Float64Array;
  readonly list: readonly LiquidParameter[];
  readonly #byName: ReadonlyMap<string, LiquidParameter>;
  readonly #masks: ReadonlyMap<string, LiquidArray>;

  /** @throws LiquidError `bad-parameter`: a length that is not its shape's, a number not finite */
  constructor(arrays: LiquidArrays) {
    const entries = Object.entries(arrays);
    for (const [name, array] of entries) checkArray(name, array);
    this.#masks = new Map(entries.filter(([name]) => MASK.test(name)));
    const learnt = entries.filter(([name]) => !MASK.test(name));
    const count = learnt.reduce((sum, [, { data }]) => sum + data.length, 0);
    this.values = new Float64Array(count);
    this.gradients = new Float64Array(count);
    let at = 0;
    this.list = learnt.map(([name, { shape, data }]) => {
      const end = at + data.length;
      this.values.set(data, at);
      const values = this.values.subarray(at, end);
      const gradients = this.gradients.subarray(at, end);
      at = end;
      return { name, shape, values, gradients };
    });
    this.#byName = new Map(this.list.map((parameter) => [parameter.name, parameter]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** @throws LiquidError `bad-parameter` where there is none, or of another shape than `shape` */
  get(name: string, shape?: readonly number[]): LiquidParameter {
    const parameter = this.#byName.get(name);
    if (parameter === undefined) throw new LiquidError('bad-parameter', `${name} is missing`);
    if (shape !== undefined && shape.join() !== parameter.shape.join()) {
      const found = `${name} has the shape ${parameter.shape.join('x')}`;
      throw new LiquidError('bad-parameter', `${found}, the others make it ${shape.join('x')}`);
    }
    return parameter;
  }

  /** The named mask of zeros and ones, or `undefined`: every synapse exists. */
  mask(name: string, shape: readonly number[]): Float64Array | undefined {
    const found = this.#masks.get(name);
    if (found === undefined) return undefined;
    if (found.shape.join() !== shape.join()) {
      const text = `${name} has the shape ${found.shape.join('x')}, not ${shape.join('x')}`;
      throw new LiquidError('bad-parameter', text);
    }
    // Some files keep the sign of a synapse in its mask; here only its existence counts.
    return Float64Array.from(found.data, (value) => (value === 0 ? 0 : 1));
  }

  /** Values and masks, for a model file. */
  arrays(): Record<string, LiquidArray> {
    const learnt = this.list.map(({ name, shape, values }) => [name, { shape, data: values }]);
    return { ...Object.fromEntries(this.#masks), ...Object.fromEntries(learnt) };
  }
}

function checkArray(name: string, { shape, data }: LiquidArray): void {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) {
    const text = `${name} holds ${data.length} numbers, its shape ${shape.join('x')} is ${count}`;
    throw new LiquidError('bad-parameter', text);
  }
  for (let index = 0; index < data.length; index++) {
    if (Number.isFinite(data[index])) continue;
    throw new LiquidError('bad-parameter', `${name}[${index}] is ${data[index]}`);
  }
}
