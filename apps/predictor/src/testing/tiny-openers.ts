import { setTimeout as delay } from 'node:timers/promises';
import { type BandwidthModel, buildNetwork, checkFeatures, type ModelFile } from '@levitate/models';
import type { Kernel } from '@levitate/neural';
import { type OpenedModel, provenBandwidth } from '../models/open-model.ts';

/** For tests: builds the models of `writeTinyModel`, whose network multiplies the last value. */
export async function openModel(file: ModelFile, kernel: Kernel): Promise<OpenedModel> {
  checkFeatures(file, ['bandwidth']);
  await delay(0);
  const network = buildNetwork(file, kernel);
  const isSlow = file.manifest.family === 'slow';
  const model: BandwidthModel = {
    id: file.id,
    backend: kernel.name,
    forecast(windows) {
      if (isSlow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLOW_MS);
      return windows.map(({ bandwidth }) => {
        const input = Float32Array.from({ length: 100 }, (_, index) => {
          const value = bandwidth[bandwidth.length - 100 + index] ?? 0;
          return Number.isNaN(value) ? 0 : value;
        });
        const mean = [...network.predict(input, 1)];
        return { mean, q10: mean.map((x) => x / 2), q50: mean, q90: mean.map((x) => x * 2) };
      });
    },
  };
  return provenBandwidth(file, model);
}

const SLOW_MS = 60;
