import type { ModelFile } from '@levitate/models';
import { baselineOf } from '../bandwidth/baselines.ts';

/**
 * The worst validation WAPE of a model over its classes: what is normal for it somewhere. Where no
 * forecaster of its name raced there, whatever is no baseline was the model.
 */
export function referenceOf({ manifest }: Pick<ModelFile, 'manifest'>): number {
  const stated = Object.values(manifest.classes).flatMap(({ validation }) => {
    const names = Object.keys(validation);
    const own = names.includes(manifest.name)
      ? [manifest.name]
      : names.filter((name) => baselineOf(name) === undefined);
    return own.flatMap((name) => {
      const { wape, accuracy } = validation[name] ?? {};
      return wape ?? (typeof accuracy === 'number' ? 1 - accuracy : []);
    });
  });
  const known = stated.filter((wape) => wape > 0);
  return known.length === 0 ? REFERENCE : Math.max(...known);
}

const REFERENCE = 0.3;
