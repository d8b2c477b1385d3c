import { basename, join } from 'node:path';
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
  const { importKerasFile, ModelError, readKerasFile } = await import('@levitate/models');
  const features = options.features.split(',').map((feature) => feature.trim());
  const scales = options.scales?.split(',').map(Number) ?? features.map(() => 1);
  const unit = Number(options.unit);
  const areScales = scales.length === features.length && scales.every((scale) => scale > 0);
  if (!areScales || !(unit > 0)) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: `--scales and --unit are numbers above 0, a scale for each of ${features.length}`,
      next: 'levitate model import --help',
    });
  }
  const name = options.name ?? nameOf(file);
  try {
    const { spec } = await readKerasFile(file);
    const { units } = spec.layers.findLast((layer) => 'units' in layer) as { units: number };
    return await importKerasFile({
      file,
      folder: join(options.folder, name),
      draft: {
        ...{ name, version: '1', capability: 'bandwidth', family: 'keras' },
        description: 'A network that was trained elsewhere; nothing is known of its errors.',
        inputs: {
          ...{ steps: spec.steps, stepMs: 1000 },
          features: features.map((feature) => ({ name: feature, unit: UNITS[feature] ?? '1' })),
          normalisation: { kind: 'divided', parameters: { scales, unit } },
        },
        outputs: {
          ...{ steps: units, stepMs: 1000 },
          values: [{ name: 'bandwidth', unit: 'bytes/s', width: 1 }],
        },
        ...{ data: [], split: 'not known', classes: {}, calibration: {} },
      },
    });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new CommandError({
      ...{ exitCode: exitCodes.failed, what: error.message, next: error.nextStep },
      cause: error,
    });
  }
}

/** A model's name out of a file's: `bandwidth_lstm.h5` is `bandwidth-lstm`. */
function nameOf(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'imported' : name;
}

const UNITS: Readonly<Record<string, string>> = {
  bandwidth: 'Mbit/s',
  latency: 'ms',
  packet_loss: '0 to 1',
  time_of_day: 'hours',
  day_of_week: 'days',
};
