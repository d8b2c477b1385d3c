import type { AnsweringNetwork, NeuralEngine } from '@levitate/neural';
import { buildAnsweringNetwork, checkFeatures } from '../build-network.ts';
import { ModelError } from '../model-error.ts';
import type { ModelFile } from '../model-file.ts';
import type { BandwidthModel, PathForecast, PathWindow } from '../served-model.ts';

/** What a network that was trained elsewhere may be given: raw values, a number a step each. */
const sources: Readonly<Record<string, (window: PathWindow, step: number) => number>> = {
  /** Mbit/s. */
  bandwidth: ({ bandwidth }, step) => known(bandwidth, step) / 125_000,
  /** Milliseconds. */
  latency: ({ roundTrip }, step) => known(roundTrip, step) * 1_000,
  /** 0 to 1. */
  packet_loss: ({ loss }, step) => known(loss, step),
  /** Hours, UTC. */
  time_of_day: (window, step) => (unixMsOf(window, step) / 3_600_000) % 24,
  /** Days from Monday, UTC; 1 January 1970 was a Thursday. */
  day_of_week: (window, step) => (Math.floor(unixMsOf(window, step) / 86_400_000) + 3) % 7,
};

/**
 * A bandwidth model that was imported: each feature divided by its scale goes in, what comes out
 * times `unit` is bytes/s. It says no quantiles; its bands are those of its errors in service.
 * @throws {ModelError} `features` for others than bandwidth, latency, packet_loss, time_of_day and
 *   day_of_week; `malformed` without scales; `shape` for another network
 */
export function openImportedBandwidth(file: ModelFile, engine: NeuralEngine): BandwidthModel {
  checkFeatures(file, Object.keys(sources));
  const { inputs } = file.manifest;
  const { scales, unit } = inputs.normalisation.parameters;
  const { length } = inputs.features;
  if (!Array.isArray(scales) || scales.length !== length || typeof unit !== 'number') {
    throw new ModelError({
      code: 'malformed',
      message: `${file.id} in ${file.folder} names no scale for each feature, or no unit`,
      nextStep: 'import it again: levitate model import FILE --scales ... --unit ...',
    });
  }
  const names = inputs.features.map(({ name }) => name);
  const network = buildAnsweringNetwork(file, engine);
  return {
    id: file.id,
    backend: network.backend,
    forecast: (windows) =>
      windows.map((window) => forecastOf(window, { network, names, scales, unit, file })),
  };
}

function forecastOf(
  window: PathWindow,
  by: {
    network: AnsweringNetwork;
    names: readonly string[];
    scales: readonly number[];
    unit: number;
    file: ModelFile;
  },
): PathForecast {
  const { steps } = by.file.manifest.inputs;
  const input = new Float32Array(steps * by.names.length);
  const skipped = window.bandwidth.length - steps;
  for (let step = 0; step < steps; step++) {
    for (const [index, name] of by.names.entries()) {
      // A window shorter than the network's repeats its first step.
      const value = sources[name]?.(window, Math.max(0, skipped + step)) ?? 0;
      input[step * by.names.length + index] = value / (by.scales[index] ?? 1);
    }
  }
  const mean = Array.from(by.network.predict(input, 1), (value) => Math.max(0, value * by.unit));
  return { mean, q10: mean, q50: mean, q90: mean };
}

/** The newest measured value up to a step; 0 before the first. */
function known(values: Float64Array, step: number): number {
  for (let at = step; at >= 0; at--) {
    const value = values[at];
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return 0;
}

function unixMsOf({ endUnixMs, stepMs, bandwidth }: PathWindow, step: number): number {
  return endUnixMs - (bandwidth.length - 1 - step) * stepMs;
}
