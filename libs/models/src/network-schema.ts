import { z } from 'zod';

const units = z.int().min(1).max(4_096);
const rate = z.number().min(0).max(0.95);
const activation = z.enum(['linear', 'relu', 'tanh', 'sigmoid', 'softplus']);

const layer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lstm'), units, returnSequences: z.boolean() }),
  z.strictObject({ kind: z.literal('dense'), units, activation }),
  z.strictObject({ kind: z.literal('dropout'), rate }),
  z.strictObject({ kind: z.literal('layerNorm') }),
  z.strictObject({
    kind: z.literal('encoder'),
    heads: z.int().min(1).max(64),
    feedForward: units,
    dropout: rate,
  }),
  z.strictObject({ kind: z.literal('positions') }),
  z.strictObject({ kind: z.literal('lastStep') }),
  z.strictObject({ kind: z.literal('meanOfSteps') }),
]);

/** A `NetworkSpec` of `@levitate/neural` as it stands in a manifest; the bounds are ours. */
export const networkSchema = z.strictObject({
  steps: z.int().min(1).max(10_000),
  features: z.int().min(1).max(4_096),
  layers: z.array(layer).min(1).max(64),
});

/**
 * An ensemble of liquid networks as it stands in a manifest: what one member looks like is checked
 * by the code that builds it.
 */
export const liquidSchema = z.looseObject({
  kind: z.literal('liquid'),
  members: z.int().min(1).max(64),
  features: z.int().min(1).max(4_096),
});
