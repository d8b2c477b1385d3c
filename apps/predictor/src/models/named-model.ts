import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { importKerasBandwidth, loadModelFile } from '@levitate/models';
import type { Logger } from '@levitate/service-kit';
import type { PredictorConfig } from '../config.ts';

/** A model that the configuration names, beside those of the model folder. */
export interface NamedModel extends AsyncDisposable {
  readonly folder: string;
}

/**
 * The model of `bandwidth.model_path` (`dwcp.prediction.bandwidth.model_path`): a Keras file is
 * imported into a folder of this process, its origin recorded in the manifest; anything else is a
 * model folder, used where it is.
 * @returns undefined where none is named
 * @throws {ModelError} for a file that cannot be imported, and for a folder that holds no model
 */
export async function openNamedModel(
  config: PredictorConfig['bandwidth'],
  logger: Logger,
): Promise<NamedModel | undefined> {
  if (config.model_path === '') return undefined;
  const path = resolve(config.model_path);
  if (!path.toLowerCase().endsWith('.h5')) {
    await loadModelFile(path);
    return { folder: path, [Symbol.asyncDispose]: async () => {} };
  }
  const { model_features: features, model_scales: scales, model_unit: unit } = config;
  const kept = await mkdtemp(join(tmpdir(), 'levitate-imported-'));
  const remove = () => rm(kept, { recursive: true, force: true });
  try {
    const { folder, manifest } = await importKerasBandwidth({
      ...{ file: path, folder: kept, unit },
      ...(features.length > 0 && { features }),
      ...(scales.length > 0 && { scales }),
    });
    logger.info({ model: manifest.name, origin: manifest.origin }, 'model imported');
    return { folder, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
