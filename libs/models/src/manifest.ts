import { z } from 'zod';
import { ModelError } from './model-error.ts';
import { liquidSchema, networkSchema } from './network-schema.ts';

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and hyphens');
const words = z.string().min(1).max(2_000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
const finite = z.number();
const numbers = z.array(finite).max(100_000);

/** Errors of one forecaster on one class of traffic, by name of the metric. */
const metrics = z.record(z.string(), finite.nullable());

/** Forecasters by name, the model under its own name, baselines beside it. */
const metricsByForecaster = z.record(z.string(), metrics);

const trafficClass = z.strictObject({
  /** Forecaster that did best on the validation part; the one that serves this class. */
  winner: words,
  /** The metric the winner was chosen by, e.g. `wape`. */
  chosenBy: words,
  validation: metricsByForecaster,
  /** Touched once, for the report. */
  test: metricsByForecaster.optional(),
});

const probabilityMap = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('temperature'), temperature: z.number().positive() }),
  z.strictObject({ kind: z.literal('platt'), slope: finite, intercept: finite }),
  z.strictObject({ kind: z.literal('isotonic'), x: numbers, y: numbers }),
]);

const calibration = z.strictObject({
  /** From what the network says to a probability. */
  probability: probabilityMap.optional(),
  /** Conformal offsets added to each output's quantiles: `offsets[output][level]`. */
  conformal: z.strictObject({ levels: numbers, offsets: z.array(numbers) }).optional(),
  /** Expected calibration error on equal-mass bins of the test part. */
  expectedCalibrationError: z.number().min(0).max(1).optional(),
  /** "confidence > level holds": the Clopper-Pearson lower bound over alarm episodes. */
  claim: z
    .strictObject({
      level: z.number().min(0).max(1),
      episodes: z.int().min(0),
      hits: z.int().min(0),
      lowerBound: z.number().min(0).max(1),
      verdict: z.enum(['established', 'not established']),
    })
    .optional(),
  /** Anything else that belongs to the calibration of this family, by name. */
  other: z.record(z.string(), z.union([finite, numbers])).optional(),
});

/** The form of `manifest.json`: everything about a model but its numbers. */
export const manifestSchema = z.strictObject({
  /** Of this form; another number is another form. */
  format: z.literal(1),
  name,
  version: z.string().regex(/^[0-9]+(\.[0-9]+){0,2}$/, 'a version like 1 or 1.2'),
  capability: z.enum(['burst', 'bandwidth', 'liquid', 'reserve']),
  /** `lstm`, `transformer`, `cfc`, `ltc`, ... */
  family: name,
  /** One sentence for people. */
  description: words,
  /** Where the numbers came from: our training, or a file that was imported. */
  origin: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('trained'), command: words }),
    z.strictObject({ kind: z.literal('imported'), file: words, sha256, from: words }),
  ]),
  spec: z.union([networkSchema, liquidSchema]),
  inputs: z.strictObject({
    steps: z.int().min(1).max(10_000),
    stepMs: z.number().positive(),
    features: z.array(z.strictObject({ name: words, unit: words })).min(1),
    /** How values become inputs; the parameters belong to the kind. */
    normalisation: z.strictObject({
      kind: words,
      parameters: z.record(z.string(), z.union([finite, numbers])),
    }),
  }),
  outputs: z.strictObject({
    steps: z.int().min(1).max(1_000),
    stepMs: z.number().positive(),
    values: z.array(z.strictObject({ name: words, unit: words, width: z.int().min(1) })).min(1),
  }),
  data: z.array(z.strictObject({ path: words, sha256, licence: words, use: words.optional() })),
  split: words,
  training: z
    .strictObject({
      seed: words,
      kernel: z.enum(['typescript', 'wasm', 'openblas']),
      workers: z.int().min(1),
      batch: z.int().min(1),
      epochs: z.int().min(1),
      bestEpoch: z.int().min(0),
    })
    .optional(),
  /** By class of traffic. */
  classes: z.record(name, trafficClass),
  calibration,
  /** In the order they stand in the weights file. */
  parameters: z.array(
    z.strictObject({ name: words, shape: z.array(z.int().min(1)).min(1).max(8) }),
  ),
  weights: z.strictObject({
    file: z.enum(['weights.f32', 'weights.f64']),
    bytes: z.int().min(0),
    sha256,
  }),
});

/** @see manifestSchema */
export type Manifest = z.output<typeof manifestSchema>;
/** What a model is for. */
export type Capability = Manifest['capability'];

/**
 * A manifest out of its text.
 * @param where names the file in errors
 * @throws {ModelError} `malformed`
 */
export function parseManifest(text: string, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(where, `is not JSON (${(cause as Error).message})`, cause);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? '' : issue.path.join('.');
  const problem = `${place === '' ? 'its top level' : place}: ${issue?.message ?? 'unknown'}`;
  throw malformed(where, `is no manifest of format 1; ${problem}`, parsed.error);
}

/** `name@version`, as it stands in every answer. */
export function modelId({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

function malformed(where: string, why: string, cause: unknown): ModelError {
  return new ModelError({
    code: 'malformed',
    message: `${where} ${why}`,
    nextStep: 'restore the folder from the repository, or train the model again (levitate train)',
    cause,
  });
}
