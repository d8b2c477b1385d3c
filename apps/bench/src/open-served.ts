import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LinkForecaster } from '@levitate/forecast';
import { loadModelFile, openBurstModel, servedForecasters } from '@levitate/models';
import { openKernel } from '@levitate/neural';

/** The model that comes with the source. */
const FOLDER = fileURLToPath(new URL('../../../models/burst', import.meta.url));

/** The forecasters that serve: with the shipped model where there is one. */
export async function openServed(): Promise<{
  newForecaster: () => LinkForecaster;
  /** The forecasters that need no training, which serve where there is no model. */
  newStatistical: () => LinkForecaster;
  /** What stands beside it: the statistical forecasters, and the model where it stands alone. */
  rivals: Record<string, () => LinkForecaster>;
  environment: Record<string, unknown>;
}> {
  if (!existsSync(join(FOLDER, 'manifest.json'))) {
    return {
      newForecaster: statistical,
      newStatistical: statistical,
      rivals: {},
      environment: { model: 'none: the statistical forecasters serve' },
    };
  }
  const file = await loadModelFile(FOLDER);
  const model = openBurstModel(file, await openKernel('auto'));
  const newForecasters = servedForecasters(model);
  return {
    newForecaster: () => new LinkForecaster({ link: 'bench', newForecasters }),
    newStatistical: statistical,
    rivals: {
      statistical,
      learned_alone: () =>
        new LinkForecaster({ link: 'bench', newForecasters: () => [model.newForecaster()] }),
    },
    environment: { model: model.id, model_wins: model.wins, model_fingerprint: file.fingerprint },
  };
}

function statistical(): LinkForecaster {
  return new LinkForecaster({ link: 'bench' });
}
