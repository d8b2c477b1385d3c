import type { SeededRandom } from '@levitate/clock';
import {
  Adam64,
  initialParameters,
  type LiquidConfig,
  LiquidNetwork,
  parseLiquidConfig,
} from '@levitate/neural';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { learningShare } from './learning-schedule.ts';
import { PATH_INPUTS } from './path-features.ts';
import { pathLoss } from './path-loss.ts';
import type { PathSampler } from './path-sampler.ts';

/** What every member looks like; sizes are in `LiquidMemberSize`. */
export const memberConfig: LiquidConfig = parseLiquidConfig({
  cell: 'cfc',
  mode: 'default',
  backboneLayers: 0,
  backboneActivation: null,
  mixedMemory: false,
  outputProjection: true,
  wired: true,
});

/** Sizes of a member. */
export interface LiquidMemberSize {
  units: number;
  motors: number;
  sparsity: number;
}

/** How a member is trained. */
export interface LiquidMemberOptions {
  sampler: PathSampler;
  size: LiquidMemberSize;
  /** Draws wiring, weights and stretches: members differ in it and in nothing else. */
  random: SeededRandom;
  /** Optimiser steps. */
  updates: number;
  /** Stretches of one optimiser step. */
  batch: number;
  learningRate: number;
  signal: AbortSignal;
  /** After each optimiser step; the mean loss of late. */
  onUpdate: (update: number, loss: number) => void;
}

/** So often the event loop gets a turn, that an interrupt is heard. */
const BREATH = 20;

/** Trains one member from nothing. The same options give the same bytes. */
export async function trainLiquidMember(options: LiquidMemberOptions): Promise<LiquidNetwork> {
  const { sampler, size, random, updates, batch, learningRate, signal, onUpdate } = options;
  const sizes = { inputs: PATH_INPUTS, outputs: HORIZON, ...size };
  const network = new LiquidNetwork({
    config: memberConfig,
    parameters: startingSmall(initialParameters(memberConfig, sizes, random.fork('weights'))),
  });
  const { parameters } = network;
  const adam = new Adam64(parameters.values.length, { learningRate, clipNorm: 1 });
  const draws = random.fork('stretches');
  let recent = Number.NaN;
  for (let update = 1; update <= updates; update++) {
    let sum = 0;
    let count = 0;
    for (let index = 0; index < batch; index++) {
      const { example, meanRate } = sampler.draw(draws);
      const { inputs, timespans, steps } = example;
      const outputs = network.forward({ values: inputs, steps, timespans });
      const slopes = new Float64Array(outputs.length);
      const weight = 1 / (batch * steps);
      const loss = pathLoss(example, outputs, { slopes, meanRate, weight });
      sum += loss.sum;
      count += loss.count;
      if (loss.count > 0) network.backward(slopes);
    }
    adam.update(parameters, learningRate * learningShare(update, updates));
    const loss = count > 0 ? sum / count : 0;
    recent = Number.isNaN(recent) ? loss : 0.98 * recent + 0.02 * loss;
    onUpdate(update, recent);
    if (update % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return network;
}

/** The first forecast is the base itself: the projection starts near nothing. */
function startingSmall(arrays: ReturnType<typeof initialParameters>) {
  const { shape, data } = arrays['fc.weight'] as { shape: number[]; data: Float64Array };
  return { ...arrays, 'fc.weight': { shape, data: data.map((value) => 0.1 * value) } };
}
