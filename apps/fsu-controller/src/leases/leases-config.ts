import { leaseTtlMsMax } from '@levitate/control';
import { redisConfig } from '@levitate/feature-windows/config';
import { z } from 'zod';

/** Where controllers agree on who has a target; every controller of a target names the same. */
export const leasesConfig = z
  .strictObject({
    store: z
      .enum(['own', 'file', 'redis'])
      .default('own')
      .describe('own: no other controller; file: those of this host; redis: those of all hosts.'),
    directory: z
      .string()
      .max(4_096)
      .default('')
      .describe('With file: folder on a local disk that the controllers of this host share.'),
    redis: redisConfig
      .extend({
        key_prefix: z
          .string()
          .min(1)
          .max(128)
          .default('levitate:fsu:v1')
          .describe('What every key begins with; the same in all controllers.'),
        settle_ms: z
          .int()
          .min(0)
          .max(600_000)
          .default(leaseTtlMsMax)
          .describe(
            'After Redis was restarted or emptied, what knows no leases itself is granted to ' +
              "nobody for this long; at least the longest lease_ttl_ms of any controller's.",
          ),
      })
      .prefault({}),
  })
  .refine(({ store, directory }) => store !== 'file' || directory !== '', {
    path: ['directory'],
    message: 'must name a folder when store is file',
  });

/** @see leasesConfig */
export type LeasesConfig = z.output<typeof leasesConfig>;
