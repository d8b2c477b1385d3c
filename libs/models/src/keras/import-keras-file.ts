import type { NetworkSpec } from '@levitate/neural';
import type { Manifest } from '../manifest.ts';
import { ModelError } from '../model-error.ts';
import { type ManifestDraft, writeModelFile } from '../write-model-file.ts';
import { readKerasFile } from './read-keras-file.ts';

/** What a Keras file does not say of itself: what its numbers mean. */
export type KerasDraft = Omit<ManifestDraft, 'origin' | 'spec'>;

/**
 * Writes a model folder out of a Keras HDF5 file. Its origin stands in the manifest: the name and
 * the SHA-256 of the file, and the version of Keras that wrote it.
 *
 * @param options.spec for a file of weights alone
 * @throws {ModelError} for what cannot be imported, and where the draft's inputs or outputs are not
 *   those of the network; nothing is written then
 */
export async function importKerasFile(options: {
  readonly file: string;
  readonly folder: string;
  readonly draft: KerasDraft;
  readonly spec?: NetworkSpec;
}): Promise<Manifest> {
  const { file, folder, draft } = options;
  const { spec, parameters, origin } = await readKerasFile(file, { spec: options.spec });
  const { inputs } = draft;
  if (inputs.steps !== spec.steps || inputs.features.length !== spec.features) {
    const wants = `${inputs.steps} steps of ${inputs.features.length} features`;
    throw new ModelError({
      code: 'features',
      message: `${file} takes ${spec.steps} steps of ${spec.features} features, not ${wants}`,
      nextStep: 'name the features the model was trained on, in their order',
    });
  }
  const copied = { ...spec, layers: [...spec.layers] };
  return writeModelFile({ folder, draft: { ...draft, origin, spec: copied }, parameters });
}
