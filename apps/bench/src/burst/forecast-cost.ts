import type { LinkForecaster } from '@levitate/forecast';
import { BURST_FEATURES, BURST_STEPS, generatedLink, HEAD_OUTPUTS } from '@levitate/models';
import { Network, type NetworkSpec, openKernel } from '@levitate/neural';
import type { Sample } from '@levitate/series';
import type { BenchFigures } from '../bench.ts';

const LINKS = 50;
const SAMPLES_PER_SECOND = 10;
/** The network whose speed is a bar: the default size of SPEC 3.1, one answer a window. */
const DEFAULT_SPEC: NetworkSpec = {
  steps: BURST_STEPS,
  features: BURST_FEATURES,
  layers: [
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: false },
    { kind: 'dense', units: HEAD_OUTPUTS, activation: 'linear' },
  ],
};

/**
 * What forecasts cost on this core: one window through the LSTM of the default size by the WASM
 * kernel, and 50 links of 10 samples and one forecast a second through whoever serves.
 */
export async function measureForecastCost(
  context: { quick: boolean; signal: AbortSignal; progress: (line: string) => void },
  newForecaster: () => LinkForecaster,
): Promise<BenchFigures> {
  context.progress('cost of a forecast');
  const network = new Network(DEFAULT_SPEC, { kernel: await openKernel('wasm'), seed: 1 });
  const { steps, features } = DEFAULT_SPEC;
  const window = Float32Array.from({ length: steps * features }, (_, at) => Math.sin(at));
  const times = Array.from({ length: context.quick ? 60 : 300 }, () => {
    const started = performance.now();
    network.predict(window, 1);
    return performance.now() - started;
  }).slice(20);
  const state = network.openState(LINKS);
  const step = window.subarray(0, features);
  const rows = Float32Array.from({ length: LINKS * features }, (_, at) => step[at % features] ?? 0);
  const stepTimes = Array.from({ length: 120 }, () => {
    const started = performance.now();
    network.step(rows, state);
    return performance.now() - started;
  }).slice(20);
  const share = cpuShare({ seconds: context.quick ? 20 : 60, newForecaster });
  return {
    metrics: { lstm3x128_p50_ms: quantile(times, 0.5), cpu_share_50_links: share },
    baseline: {
      lstm3x128_p99_ms: quantile(times, 0.99),
      lstm3x128_carried_step_50_links_p50_ms: quantile(stepTimes, 0.5),
    },
    environment: { lstm_kernel: 'wasm' },
    notMeasured: {},
  };
}

/** CPU time of this process over the time the traffic spans, features and detection included. */
function cpuShare(options: { seconds: number; newForecaster: () => LinkForecaster }): number {
  const { seconds, newForecaster } = options;
  const durationMs = 2 * seconds * 1000;
  // Traffic is made before the clock starts; half of it warms the forecasters up.
  const links = Array.from({ length: LINKS }, (_, index) => ({
    forecaster: newForecaster(),
    samples: trafficOf(index % KINDS.length, durationMs),
  }));
  const run = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      for (const { forecaster, samples } of links) {
        forecaster.learn(samples[at] as Sample);
        if ((at + 1) % SAMPLES_PER_SECOND === 0) forecaster.forecast();
      }
    }
  };
  run(0, seconds * SAMPLES_PER_SECOND);
  const before = process.cpuUsage();
  run(seconds * SAMPLES_PER_SECOND, 2 * seconds * SAMPLES_PER_SECOND);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6 / seconds;
}

const KINDS = ['periodic', 'precursor', 'random', 'flat'] as const;
const drawn = new Map<string, Sample[]>();

/** The same traffic for every link of a kind: what it costs does not depend on the seed. */
function trafficOf(kind: number, durationMs: number): Sample[] {
  const name = KINDS[kind] as (typeof KINDS)[number];
  const known = drawn.get(`${name} ${durationMs}`);
  if (known !== undefined) return known;
  const link = generatedLink({
    kind: name,
    seed: `bench cost ${name}`,
    durationMs,
    basePps: [1000, 5000],
  });
  const samples = [...link.samples];
  drawn.set(`${name} ${durationMs}`, samples);
  return samples;
}

/** @param values at least one */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}
