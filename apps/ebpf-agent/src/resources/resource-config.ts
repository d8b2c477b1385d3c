import { z } from 'zod';

const bytes = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Keys of which one says which it is. */
const wheres = ['pid', 'main_class', 'folder'] as const;

const resource = z
  .strictObject({
    name: z
      .string()
      .regex(/^\w[\w.-]{0,99}$/, 'must have at most 100 letters, digits, ".", "-" and "_"')
      .describe('Name of the resource in leases; controllers ask for it.'),
    kind: z
      .enum(['jvm', 'cgroup'])
      .describe(
        'jvm: the heap of a JVM, by the socket of jcmd; cgroup: memory of a control group.',
      ),
    pid: z.int().min(2).max(0x7fff_ffff).optional().describe('Process id of the JVM.'),
    main_class: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('Main class, or name of the jar, of the one JVM that runs it.'),
    folder: z
      .string()
      .startsWith('/')
      .max(4_096)
      .optional()
      .describe('Folder of the control group, such as /sys/fs/cgroup/shop.slice.'),
    min_bytes: bytes.describe('Least size that is accepted, from anyone.'),
    max_bytes: bytes.describe('Largest; of a JVM at most its -Xmx.'),
    collect_on_shrink: z
      .boolean()
      .default(false)
      .describe(
        'Collect at once when the ceiling of a JVM falls, which makes all but ZGC stand still.',
      ),
  })
  .refine(({ min_bytes, max_bytes }) => min_bytes <= max_bytes, {
    path: ['min_bytes'],
    message: 'must not be above max_bytes',
  })
  .superRefine((config, context) => {
    const wanted = config.kind === 'jvm' ? ['pid', 'main_class'] : ['folder'];
    const given = wheres.filter((key) => config[key] !== undefined);
    if (given.length === 1 && wanted.includes(`${given[0]}`)) return;
    const message = `for the kind ${config.kind} give ${wanted.join(' or ')} and nothing else`;
    context.addIssue({ code: 'custom', path: ['kind'], message });
  });

/** The key `resources`: what else of this host is ruled, beside its links. */
export const resourcesConfig = z
  .array(resource)
  .max(1_000)
  .default([])
  .describe('Resources of this host that are served to whoever holds their leases.');

/** A resource of this host as configured. */
export type ResourceConfig = z.output<typeof resource>;
