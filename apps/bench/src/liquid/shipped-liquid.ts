import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type LiquidEnsemble,
  liquidSpecSchema,
  loadModelFile,
  type Manifest,
  openLiquidModel,
  openLstmRival,
  type PathSenses,
} from '@levitate/models';
import { type Network, openKernel } from '@levitate/neural';

/** The models that come with the source. */
const MODELS = fileURLToPath(new URL('../../../../models', import.meta.url));

/** The ensemble that comes with the source, with the LSTM that it is set beside. */
export interface ShippedLiquid {
  ensemble: LiquidEnsemble;
  rival: Network;
  senses: PathSenses;
  manifest: Manifest;
}

/** @returns why there is none, in words, where there is none */
export async function openShippedLiquid(): Promise<ShippedLiquid | string> {
  const folder = join(MODELS, 'liquid');
  if (!existsSync(join(folder, 'manifest.json'))) {
    return 'no liquid model in models/liquid; levitate train liquid makes one';
  }
  const file = await loadModelFile(folder);
  const rivalFile = await loadModelFile(join(folder, 'rival'));
  const { senses } = liquidSpecSchema.parse(file.manifest.spec);
  const spec = rivalFile.manifest.spec as { layers: readonly { units: number }[] };
  const rival = openLstmRival({
    parameters: rivalFile.parameters,
    units: spec.layers[0]?.units ?? 0,
    kernel: await openKernel('auto'),
  });
  return { ensemble: await openLiquidModel(file), rival, senses, manifest: file.manifest };
}
