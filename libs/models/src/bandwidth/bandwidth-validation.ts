import type { AnsweringNetwork } from '@levitate/neural';
import { encodeWindow, type LearnedInputs } from './bandwidth-features.ts';
import { decodeForecast } from './bandwidth-outputs.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { eachWindow } from './bandwidth-windows.ts';
import { windowBefore } from './cut-series.ts';
import { type ForecastOutcome, wape } from './wape.ts';

/** Every so many windows of a validation trace are looked at after an epoch. */
const STRIDE = 15;
/** Windows predicted at once. */
const BATCH = 64;

interface Example {
  set: string;
  input: Float32Array;
  unit: { base: number; scale: number };
  last: number;
  actual: number;
}

/** How bad a network is on traces it does not learn from, by the figure that counts. */
export class BandwidthValidation {
  readonly #examples: readonly Example[];

  constructor(traces: readonly BandwidthTrace[], learned: LearnedInputs) {
    this.#examples = traces.flatMap(({ set, series }) =>
      eachWindow(series)
        .filter((_, index) => index % STRIDE === 0)
        .map(({ origin, actual }): Example => {
          const path = windowBefore(series, origin);
          const { input, base, scale } = encodeWindow(path, { learned });
          const unit = { base: base.at(-1) ?? 0, scale: scale.at(-1) ?? 1 };
          const last = series.bandwidthBytesPerSecond[origin] as number;
          return { set, input, unit, last, actual };
        }),
    );
  }

  /**
   * @param network answering after every step, or after the last
   * @returns error (WAPE of the mean of the next ten seconds) over that of last value, mean over
   *   the sets: every set counts the same
   */
  score(network: AnsweringNetwork): number {
    const outcomes = new Map<string, { ours: ForecastOutcome[]; last: ForecastOutcome[] }>();
    for (let start = 0; start < this.#examples.length; start += BATCH) {
      const examples = this.#examples.slice(start, start + BATCH);
      const answers = lastAnswers(
        network,
        examples.map(({ input }) => input),
      );
      for (const [index, { set, unit, last, actual }] of examples.entries()) {
        const { mean } = decodeForecast(answers[index] as Float32Array, unit);
        const of = outcomes.get(set) ?? { ours: [], last: [] };
        outcomes.set(set, of);
        of.ours.push({ actual, forecast: mean.q50 });
        of.last.push({ actual, forecast: last });
      }
    }
    const ratios = [...outcomes.values()].map(({ ours, last }) => wape(ours) / (wape(last) || 1));
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length);
  }
}

/** What a network says after the last step of each window; it reads as many as it has steps. */
export function lastAnswers(
  network: AnsweringNetwork,
  inputs: readonly Float32Array[],
): Float32Array[] {
  const { steps, features, layers } = network.spec;
  const length = steps * features;
  const joined = new Float32Array(inputs.length * length);
  for (const [index, input] of inputs.entries())
    joined.set(input.subarray(-length), index * length);
  const output = network.predict(joined, inputs.length);
  const final = layers.at(-1);
  const width = final?.kind === 'dense' ? final.units : network.outputs;
  return inputs.map((_, index) => {
    const end = (index + 1) * network.outputs;
    return output.subarray(end - width, end);
  });
}
