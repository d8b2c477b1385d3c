import { basename, join } from 'node:path';
import type { Manifest } from '../manifest.ts';
import { ModelError } from '../model-error.ts';
import { importKerasFile } from './import-keras-file.ts';
import { readKerasFile } from './read-keras-file.ts';

/** What a Keras file of a bandwidth model does not say of itself. */
export interface KerasBandwidthOptions {
  /** A whole model of Keras 2 or 3, `.h5`. */
  readonly file: string;
  /** Receives a folder of the model's name. */
  readonly folder: string;
  /** Default: of the file, `bandwidth_lstm.h5` is `bandwidth-lstm`. */
  readonly name?: string | undefined;
  /** Its inputs in order; default the five of SPEC 3.2. */
  readonly features?: readonly string[] | undefined;
  /** What each feature is divided by before it goes in; default 1 each. */
  readonly scales?: readonly number[] | undefined;
  /** Bytes/s of one unit of its output; default 125,000: Mbit/s. */
  readonly unit?: number | undefined;
}

/** The features of SPEC 3.2, as NovaCron's predictor has them. */
const SPEC_FEATURES: readonly string[] = [
  'bandwidth',
  'latency',
  'packet_loss',
  'time_of_day',
  'day_of_week',
];

/**
 * Writes a model folder out of a Keras file of a bandwidth forecast. It has no scores yet, so that
 * it runs beside the baselines and serves a path only once it has beaten them there.
 * @returns the folder, and the manifest with the origin
 * @throws {ModelError} for scales or a unit that are none, and for a file that cannot be imported
 */
export async function importKerasBandwidth(
  options: KerasBandwidthOptions,
): Promise<{ folder: string; manifest: Manifest }> {
  const { file, features = SPEC_FEATURES, unit = MEGABIT_BYTES } = options;
  const name = options.name ?? nameOf(file);
  const scales = options.scales ?? features.map(() => 1);
  const areScales = scales.length === features.length && scales.every((scale) => scale > 0);
  if (!areScales || !(unit > 0)) {
    throw new ModelError({
      code: 'malformed',
      message: `scales and unit are numbers above 0, a scale for each of ${features.length} inputs`,
      nextStep: 'correct --scales and --unit, or bandwidth.model_scales and bandwidth.model_unit',
    });
  }
  const { spec } = await readKerasFile(file);
  const { units } = spec.layers.findLast((layer) => 'units' in layer) as { units: number };
  const folder = join(options.folder, name);
  const manifest = await importKerasFile({
    file,
    folder,
    draft: {
      ...{ name, version: '1', capability: 'bandwidth', family: 'keras' },
      description: 'A network that was trained elsewhere; nothing is known of its errors.',
      inputs: {
        ...{ steps: spec.steps, stepMs: 1000 },
        features: features.map((feature) => ({ name: feature, unit: UNITS[feature] ?? '1' })),
        normalisation: { kind: 'divided', parameters: { scales: [...scales], unit } },
      },
      outputs: {
        ...{ steps: units, stepMs: 1000 },
        values: [{ name: 'bandwidth', unit: 'bytes/s', width: 1 }],
      },
      ...{ data: [], split: 'not known', classes: {}, calibration: {} },
    },
  });
  return { folder, manifest };
}

const MEGABIT_BYTES = 125_000;

/** A model's name out of a file's: small letters, digits and hyphens. */
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
