import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BandwidthForecaster,
  loadModelFile,
  type Manifest,
  openBandwidthModel,
} from '@levitate/models';
import { openKernel } from '@levitate/neural';

/** The models that come with the source. */
const MODELS = fileURLToPath(new URL('../../../../models', import.meta.url));

/** The bandwidth model that comes with the source. */
export interface ShippedBandwidth {
  forecaster: BandwidthForecaster;
  manifest: Manifest;
}

/** @returns why there is none, in words, where there is none */
export async function openShippedBandwidth(): Promise<ShippedBandwidth | string> {
  const folder = join(MODELS, 'bandwidth');
  if (!existsSync(join(folder, 'manifest.json'))) {
    return 'no model in models/bandwidth; levitate train bandwidth makes one';
  }
  const file = await loadModelFile(folder);
  const forecaster = openBandwidthModel(file, await openKernel('auto'));
  return { forecaster, manifest: file.manifest };
}
