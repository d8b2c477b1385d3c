import { z } from 'zod';

/** Parts of a dataset: to learn from, to choose by, and to be scored on once. */
export const datasetParts = ['train', 'validation', 'test'] as const;

/** @see datasetParts */
export type DatasetPart = (typeof datasetParts)[number];

const count = z.int().min(0);
const words = z.string().max(10_000);
const partCounts = z.object({ samples: count, onsets: count });

/** The form of `dataset.json`, which `levitate dataset` writes and `levitate train` reads. */
export const datasetManifestSchema = z.object({
  kind: z.literal('levitate-dataset'),
  format: z.literal(1),
  /** Of every number in a sample. */
  units: z.record(z.string(), words),
  /** How the parts were made, for a reader. */
  rule: words,
  /** Of the generated bursts. */
  seed: words,
  captures: z.array(z.object({ file: words, sha256: words, samples: count })),
  generated: z.object({ bursts: count, links: count }),
  splits: z.record(z.enum(datasetParts), partCounts),
});

/** @see datasetManifestSchema */
export type DatasetManifest = z.output<typeof datasetManifestSchema>;

/** A line of `PART.onsets.jsonl`: a burst began on a link. */
export const datasetOnsetSchema = z.object({
  name: z.string().min(1).max(128),
  timeUnixMs: z.number(),
  source: z.enum(['detected', 'generated']),
  /** Peak of the burst, multiple of the level before; absent where its end was not recorded. */
  magnitude: z.number().positive().optional(),
});

/** @see datasetOnsetSchema */
export type DatasetOnset = z.output<typeof datasetOnsetSchema>;
