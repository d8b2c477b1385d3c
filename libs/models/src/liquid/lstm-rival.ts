import type { SeededRandom } from '@levitate/clock';
import { Adam, type Kernel, Network, type NetworkSpec } from '@levitate/neural';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import type { StoredParameter } from '../model-file.ts';
import type { ObservationWindow } from '../served-model.ts';
import { learningShare } from './learning-schedule.ts';
import { PATH_INPUTS, type PathSenses, pathInputs } from './path-features.ts';
import { pathLoss } from './path-loss.ts';
import { type PathSampler, STRETCH_S } from './path-sampler.ts';

/** An LSTM that sees what the liquid ensemble sees, elapsed times among its inputs. */
export function rivalSpec(units: number): NetworkSpec {
  return {
    steps: STRETCH_S,
    features: PATH_INPUTS,
    layers: [
      { kind: 'lstm', units, returnSequences: true },
      { kind: 'dense', units: HORIZON, activation: 'linear' },
    ],
  };
}

/** Numbers that such an LSTM learns: four gates of inputs, state and offset; then the outputs. */
export function rivalParameters(units: number): number {
  return 4 * units * (units + PATH_INPUTS + 1) + HORIZON * (units + 1);
}

/** The units with which it comes nearest to so many parameters. */
export function rivalUnits(parameters: number): number {
  let units = 1;
  while (rivalParameters(units + 1) <= parameters) units++;
  const above = rivalParameters(units + 1) - parameters;
  return above < parameters - rivalParameters(units) ? units + 1 : units;
}

/** How the rival is trained: as a member is, on stretches drawn the same way. */
export interface RivalOptions {
  sampler: PathSampler;
  units: number;
  kernel: Kernel;
  random: SeededRandom;
  updates: number;
  batch: number;
  learningRate: number;
  signal: AbortSignal;
  onUpdate: (update: number, loss: number) => void;
}

const BREATH = 20;

/** Trains the rival from nothing, with the loss and the schedule of a liquid member. */
export async function trainLstmRival(options: RivalOptions): Promise<Network> {
  const { sampler, units, kernel, random, updates, batch, learningRate, signal, onUpdate } =
    options;
  const network = new Network(rivalSpec(units), { kernel, seed: random.fork('weights').nextU32() });
  startSmall(network);
  const adam = new Adam({ learningRate, clipNorm: 1 });
  const draws = random.fork('stretches');
  let recent = Number.NaN;
  for (let update = 1; update <= updates; update++) {
    const drawn = Array.from({ length: batch }, () => sampler.draw(draws));
    const input = new Float32Array(batch * STRETCH_S * PATH_INPUTS);
    drawn.forEach(({ example }, index) => {
      input.set(example.inputs, index * STRETCH_S * PATH_INPUTS);
    });
    const { loss, gradients } = network.gradients({
      input,
      count: batch,
      random: draws,
      loss: (output, gradient) => {
        let sum = 0;
        let count = 0;
        drawn.forEach(({ example, meanRate }, index) => {
          const at = index * STRETCH_S * HORIZON;
          const slopes = gradient.subarray(at, at + STRETCH_S * HORIZON);
          const weight = 1 / (batch * example.steps);
          const own = pathLoss(example, output.subarray(at), { slopes, meanRate, weight });
          sum += own.sum;
          count += own.count;
        });
        return count > 0 ? sum / count : 0;
      },
    });
    adam.update(network, gradients, learningRate * learningShare(update, updates));
    recent = Number.isNaN(recent) ? loss : 0.98 * recent + 0.02 * loss;
    onUpdate(update, recent);
    if (update % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return network;
}

/** A rival out of a model file's parameters. @throws RangeError where they are of another shape */
export function openLstmRival(options: {
  parameters: readonly StoredParameter[];
  units: number;
  kernel: Kernel;
}): Network {
  const { parameters, units, kernel } = options;
  const network = new Network(rivalSpec(units), { kernel, seed: 0 });
  for (const { name, shape, values } of network.parameters) {
    const stored = parameters.find((one) => one.name === name);
    if (stored === undefined || stored.shape.join() !== shape.join()) {
      throw new RangeError(`the LSTM's parameter ${name} is missing or of another shape`);
    }
    values.set(stored.values);
  }
  return network;
}

/**
 * What the rival says of each window: bytes/s, mean of the next ten seconds. Windows of the same
 * number of observations go together.
 */
export function rivalForecasts(
  network: Network,
  windows: readonly ObservationWindow[],
  senses: PathSenses,
): number[] {
  const forecasts = new Array<number>(windows.length).fill(Number.NaN);
  const byLength = Map.groupBy(
    windows.keys(),
    (index) => windows[index]?.elapsedSeconds.length ?? 0,
  );
  for (const [steps, together] of byLength) {
    for (let start = 0; start < together.length; start += TOGETHER_MAX) {
      const part = together.slice(start, start + TOGETHER_MAX);
      const inputs = part.map((index) => pathInputs(windows[index] as ObservationWindow, senses));
      const output = lastOutputs(network, inputs, steps);
      part.forEach((index, row) => {
        const { scale, base } = inputs[row] as (typeof inputs)[number];
        const own = output.subarray(row * HORIZON, (row + 1) * HORIZON);
        const level = scale[steps - 1] as number;
        const from = base[steps - 1] as number;
        const seconds = Array.from(own, (value) => Math.max(0, from + level * value));
        forecasts[index] = seconds.reduce((a, b) => a + b, 0) / HORIZON;
      });
    }
  }
  return forecasts;
}

const TOGETHER_MAX = 256;

function lastOutputs(
  network: Network,
  inputs: readonly { inputs: Float64Array }[],
  steps: number,
): Float32Array {
  const state = network.openState(inputs.length);
  const row = new Float32Array(inputs.length * PATH_INPUTS);
  let output = new Float32Array(0);
  for (let t = 0; t < steps; t++) {
    inputs.forEach((one, index) => {
      row.set(one.inputs.subarray(t * PATH_INPUTS, (t + 1) * PATH_INPUTS), index * PATH_INPUTS);
    });
    output = network.step(row, state) as Float32Array<ArrayBuffer>;
  }
  return output;
}

/** The first forecast is the base itself, as for a liquid member. */
function startSmall(network: Network): void {
  const last = network.parameters.findLast(({ shape }) => shape.length === 2);
  last?.values.forEach((value, index, values) => {
    values[index] = 0.1 * value;
  });
}
