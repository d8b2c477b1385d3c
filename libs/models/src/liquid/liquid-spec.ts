import { z } from 'zod';

/** One member as it stands in a manifest's `spec`; the rest of a member is in its parameters. */
export const liquidSpecSchema = z.looseObject({
  kind: z.literal('liquid'),
  members: z.int().min(2).max(64),
  features: z.int().min(1),
  /** Of each member, the `config` that `LiquidNetwork` takes. */
  config: z.looseObject({ cell: z.enum(['cfc', 'ltc']) }),
  units: z.int().min(3).max(1024),
  motors: z.int().min(1).max(256),
  /** `LIQUID_SPARSITY` in training. */
  sparsity: z.number().min(0.1).max(0.9),
  /** Which of the features no training set had; they stay masked. */
  senses: z.object({ roundTrip: z.boolean(), loss: z.boolean(), clock: z.boolean() }),
});

/** @see liquidSpecSchema */
export type LiquidSpec = z.output<typeof liquidSpecSchema>;
