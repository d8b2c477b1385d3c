import { canaryStagesDefault } from '@levitate/control';
import { z } from 'zod';

const stage = z.union([
  z.strictObject({ hosts: z.int().min(1).max(10_000) }),
  z.strictObject({ share: z.number().gt(0).max(1) }),
]);

/** How enforcement is rolled out over the hosts of targets with `canary: true`. */
export const canaryConfig = z
  .strictObject({
    stages: z
      .array(stage)
      .min(1)
      .max(20)
      .default([...canaryStagesDefault])
      .describe('Hosts that enforce, stage by stage: a number of them, or a share.'),
    soak_hours: z
      .number()
      .min(0.01)
      .max(24 * 30)
      .default(24)
      .describe('How long a stage is watched before the next.'),
    drop_margin: z
      .number()
      .min(0)
      .max(1)
      .default(0.001)
      .describe('Drop share above that of the rest that is borne.'),
    delay_margin_ms: z
      .number()
      .min(0)
      .max(10_000)
      .default(10)
      .describe('p99 delay above that of the rest that is borne.'),
  })
  .prefault({});

/** @see canaryConfig */
export type CanaryConfig = z.output<typeof canaryConfig>;
