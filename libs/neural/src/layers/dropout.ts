import type { SeededRandom } from '@levitate/clock';
import type { Workspace } from '../kernel/workspace.ts';
import { GrownArray } from './grown-array.ts';
import {
  type BackwardPass,
  type Layer,
  type LayerContext,
  type Pass,
  rowsOf,
  type Shape,
} from './layer.ts';

/**
 * Inverted dropout (Srivastava et al., JMLR 15, 2014, section 10): in training each number is
 * dropped with probability `rate` and the others are scaled up by 1 / (1 - rate); in use it passes
 * everything on.
 */
export class Dropout implements Layer {
  readonly output: Shape;
  readonly parameters = [];
  readonly stateWidth = 0;
  readonly #workspace: Workspace;
  readonly #rate: number;
  readonly #mask: GrownArray;
  readonly #output: GrownArray;
  #isMasked = false;

  constructor({ workspace, input }: LayerContext, { rate }: { rate: number }) {
    this.#workspace = workspace;
    this.#rate = rate;
    this.output = input;
    this.#mask = new GrownArray(workspace);
    this.#output = new GrownArray(workspace);
  }

  forward({ input, batch, random }: Pass): Float32Array {
    this.#isMasked = random !== undefined && this.#rate > 0;
    if (random === undefined || !this.#isMasked) return input;
    const length = rowsOf(this.output, batch) * this.output.width;
    const mask = this.#mask.atLeast(length);
    drawMask(mask, length, this.#rate, random);
    const output = this.#output.atLeast(length);
    output.set(input.subarray(0, length));
    this.#workspace.multiply(output, mask, length);
    return output;
  }

  backward({ outputGradient, batch }: BackwardPass): Float32Array {
    if (!this.#isMasked) return outputGradient;
    const length = rowsOf(this.output, batch) * this.output.width;
    this.#workspace.multiply(outputGradient, this.#mask.atLeast(length), length);
    return outputGradient;
  }

  step(input: Float32Array): Float32Array {
    return input;
  }
}

/**
 * Fills the front of `mask` with 0 (probability `rate`) and 1 / (1 - rate).
 * @param rate from 0 to below 1, kept to 1/65536: one draw of 32 bits serves two numbers
 */
export function drawMask(
  mask: Float32Array,
  length: number,
  rate: number,
  random: SeededRandom,
): void {
  const threshold = Math.round(rate * 0x10000);
  const kept = 0x10000 / (0x10000 - threshold);
  for (let i = 0; i < length; i += 2) {
    const bits = random.nextU32();
    mask[i] = bits >>> 16 < threshold ? 0 : kept;
    if (i + 1 < length) mask[i + 1] = (bits & 0xffff) < threshold ? 0 : kept;
  }
}
