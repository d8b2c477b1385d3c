import type { Manifest } from '@levitate/models';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** What a Keras file does not say of itself. */
export interface ImportOptions {
  readonly name?: string;
  /** By commas. */
  readonly features: string;
  /** By commas, as many as features. */
  readonly scales?: string;
  readonly unit: string;
}

/**
 * Writes a model folder out of a Keras file. It has no scores yet, so that it runs beside the
 * baselines and serves a path only once it has beaten them there.
 * @throws {CommandError} for wrong options and for a file that cannot be imported
 */
export async function importModel(
  file: string,
  options: ImportOptions & { folder: string },
): Promise<Manifest> {
  const { importKerasBandwidth, ModelError } = await import('@levitate/models');
  const { name, folder } = options;
  try {
    const { manifest } = await importKerasBandwidth({
      ...{ file, folder, name },
      features: options.features.split(',').map((feature) => feature.trim()),
      scales: options.scales?.split(',').map(Number),
      unit: Number(options.unit),
    });
    return manifest;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new CommandError({
      ...{ exitCode: exitCodes.failed, what: error.message, next: error.nextStep },
      cause: error,
    });
  }
}
