import { z } from 'zod';

const bytes = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const resource = z
  .strictObject({
    name: z
      .string()
      .regex(/^\w[\w.-]{0,99}$/, 'must have at most 100 letters, digits, ".", "-" and "_"')
      .describe('Name of the resource in leases; controllers ask for it.'),
    kind: z.enum(['jvm']).describe('jvm: the heap of a JVM on this host, by the socket of jcmd.'),
    pid: z.int().min(2).max(0x7fff_ffff).optional().describe('Process id of the JVM.'),
    main_class: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('Main class, or name of the jar, of the one JVM that runs it.'),
    min_bytes: bytes.describe('Least size that is accepted, from anyone.'),
    max_bytes: bytes.describe('Largest; of a JVM at most its -Xmx.'),
    collect_on_shrink: z
      .boolean()
      .default(false)
      .describe('Collect at once when the ceiling falls, which makes all but ZGC stand still.'),
  })
  .refine(({ min_bytes, max_bytes }) => min_bytes <= max_bytes, {
    path: ['min_bytes'],
    message: 'must not be above max_bytes',
  })
  .refine(({ pid, main_class }) => (pid === undefined) !== (main_class === undefined), {
    path: ['main_class'],
    message: 'either pid or main_class is needed, and not both',
  });

/** The key `resources`: what else of this host is ruled, beside its links. */
export const resourcesConfig = z
  .array(resource)
  .max(1_000)
  .default([])
  .describe('Resources of this host that are served to whoever holds their leases.');

/** A resource of this host as configured. */
export type ResourceConfig = z.output<typeof resource>;
