import type { LayerSpec, NetworkSpec } from '@levitate/neural';
import { groupIn, type Hdf5Group, numbersOf } from './open-hdf5.ts';

/** Where the arrays of a layer lie below its group, and how many there are. */
const places: { readonly [K in LayerSpec['kind']]?: Place } = {
  lstm: { className: 'lstm', path: 'cell/vars', arrays: 3 },
  dense: { className: 'dense', path: 'vars', arrays: 2 },
  layerNorm: { className: 'layer_normalization', path: 'vars', arrays: 2 },
};
interface Place {
  readonly className: string;
  readonly path: string;
  readonly arrays: number;
}

/** @returns whether this is what `save_weights('name.weights.h5')` of Keras 3 writes */
export function isKeras3Weights(file: Hdf5Group): boolean {
  return groupIn(file, 'layers') !== undefined;
}

/**
 * The arrays of a file of weights of Keras 3, for the network of `spec`. Its layers stand under
 * their class, numbered within it (`lstm`, `lstm_1`, `dense`), whatever the model called them.
 * @throws {ModelError} where an array of a layer is not there
 */
export function keras3Arrays(
  file: Hdf5Group,
  { layers }: NetworkSpec,
): { shape: readonly number[]; values: Float32Array }[] {
  const seen = new Map<string, number>();
  return layers.flatMap(({ kind }) => {
    const place = places[kind];
    if (place === undefined) return [];
    const { className, path, arrays } = place;
    const before = seen.get(className) ?? 0;
    seen.set(className, before + 1);
    const name = before === 0 ? className : `${className}_${before}`;
    return Array.from({ length: arrays }, (_, index) =>
      numbersOf(file, `layers/${name}/${path}/${index}`),
    );
  });
}
