import type { LiquidMap } from './liquid-config.ts';
import type { LiquidParameter, LiquidParameters } from './liquid-parameters.ts';

/** y_i = w_i x_i + b_i: the map of an LTC's inputs and outputs, one channel at a time. */
export class ChannelMap {
  readonly #scale: LiquidParameter | undefined;
  readonly #offset: LiquidParameter | undefined;
  readonly length: number;

  /**
   * @param prefix `rnn_cell.input_` or `rnn_cell.output_`
   * @param length of what is mapped where there are no parameters that say it
   */
  constructor(
    parameters: LiquidParameters,
    { kind, prefix, length }: { kind: LiquidMap; prefix: string; length: number },
  ) {
    if (kind !== 'none') this.#scale = parameters.get(`${prefix}w`);
    this.length = this.#scale?.values.length ?? length;
    if (kind === 'affine') this.#offset = parameters.get(`${prefix}b`, [this.length]);
  }

  forward(x: Float64Array, xAt: number, y: Float64Array): void {
    const scale = this.#scale?.values;
    const offset = this.#offset?.values;
    for (let i = 0; i < this.length; i++) {
      y[i] = (x[xAt + i] as number) * (scale?.[i] ?? 1) + (offset?.[i] ?? 0);
    }
  }

  /** Adds to the gradients of scale and offset, and to `dx`. */
  backward(
    x: Float64Array,
    dy: Float64Array,
    { dx, dxAt }: { dx: Float64Array; dxAt: number },
  ): void {
    const scale = this.#scale;
    const offset = this.#offset?.gradients;
    for (let i = 0; i < this.length; i++) {
      const slope = dy[i] as number;
      if (offset !== undefined) offset[i] = (offset[i] as number) + slope;
      if (scale !== undefined) {
        scale.gradients[i] = (scale.gradients[i] as number) + slope * (x[i] as number);
      }
      dx[dxAt + i] = (dx[dxAt + i] as number) + slope * (scale?.values[i] ?? 1);
    }
  }
}
