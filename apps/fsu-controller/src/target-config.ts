import { lawNames, type ResourceDefaults, resourceDefaults } from '@levitate/control';
import { listenAddress } from '@levitate/service-kit';
import { z } from 'zod';
import { sourceFault } from './sources/source-address.ts';

/** Targets one controller takes; beyond it another controller is started. */
export const targetsMax = 256;

/** What a target sizes. */
export const resourceKinds = [
  'buffer',
  'thread_pool',
  'memory',
  'connection_pool',
  'load_balancer',
  'custom',
] as const;

const name = z.string().min(1).max(128);
const resourceName = /^[A-Za-z0-9._-]+$/;
const size = z
  .number()
  .positive()
  .max(2 ** 48);

/** A law that looks at utilisation sees no rise where all is meant to be used. */
const setpointMax = 0.95;

/** Bounds of a buffer that names none, bytes (SPEC 4.4). */
const bufferBounds = { min: 524_288, max: 16_777_216 };

const ruleDefaults: Readonly<Record<(typeof resourceKinds)[number], ResourceDefaults>> = {
  buffer: { model: 'optomechanical', setpoint: 0.7, holdMs: 10_000 },
  thread_pool: resourceDefaults.threadpool,
  memory: resourceDefaults.memory,
  connection_pool: resourceDefaults.connectionpool,
  load_balancer: resourceDefaults.loadbalancer,
  custom: { model: 'optomechanical', setpoint: 0.8, holdMs: 60_000 },
};

const target = z
  .strictObject({
    name: name.describe('Name of the target, unique in this controller.'),
    resource: z.enum(resourceKinds).default('buffer').describe('What it sizes.'),
    source: z
      .string()
      .min(1)
      .max(1_024)
      .optional()
      .describe(
        'Where it is measured and changed, of other than buffers: haproxy://, pgbouncer://, ' +
          'jmx://, agent://, resource://; prometheus:// measures only.',
      ),
    password_file: z.string().min(1).optional().describe('File with the password of its source.'),
    link: name.optional().describe('Link of a buffer; default: its name.'),
    agent: listenAddress.optional().describe('Agent of its host; default: agent_address.'),
    mode: z
      .enum(['observe', 'recommend', 'enforce'])
      .default('recommend')
      .describe('observe measures, recommend decides and logs, enforce changes.'),
    predictive: z.boolean().default(true).describe('Use forecasts; false: reactive law alone.'),
    model: z
      .enum([...lawNames, 'auto'])
      .optional()
      .describe(
        'The law without forecasts; auto: the model that did best of late. ' +
          'Default: what training chose for its resource.',
      ),
    auto_tune: z
      .boolean()
      .default(false)
      .describe('Tune setpoint and hold by replay of the recent past.'),
    min: size.optional().describe('Least size, in the unit of the resource; buffer: 524,288.'),
    max: size.optional().describe('Largest size; buffer: 16,777,216.'),
    latency_budget_ms: z
      .number()
      .min(1)
      .max(60_000)
      .default(150)
      .describe('Longest delay a full queue may cause; bounds the limit of a buffer.'),
    max_changes_per_minute: z.int().min(1).max(600).default(10).describe('Changes in any minute.'),
    hold_ms: z
      .number()
      .min(0)
      .max(180_000)
      .optional()
      .describe('How long the law holds a peak; default by its resource, buffer: 10,000.'),
    setpoint: z
      .number()
      .min(0.1)
      .max(1)
      .optional()
      .describe(
        'Utilisation to hold; default by its resource, buffer: 0.7. ' +
          'At most 0.95, with held-peak 1.',
      ),
    actuation_delay_ms: z
      .number()
      .min(0)
      .max(60_000)
      .optional()
      .describe('From a decision until its size is usable; buffer: 100, others: as they say.'),
    canary: z
      .boolean()
      .default(false)
      .describe('Enforce only once the roll-out by stages has reached its host.'),
    host: name.optional().describe('Host it counts for in the roll-out; default: its agent.'),
  })
  .superRefine((one, context) => {
    for (const { key, message } of targetFaults(one)) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

/** A target as it is configured. */
export type TargetConfig = z.output<typeof target>;

/** A target with a size of its own, not the queue of a link. */
export type ResourceTargetConfig = TargetConfig & { source: string; min: number; max: number };

/** Every target of a controller; names are unique. */
export const targetList = z
  .array(target)
  .max(targetsMax)
  .superRefine((all, context) => {
    all.forEach((one, index) => {
      const is = (other: (typeof all)[number]) => other.name === one.name;
      if (all.findIndex(is) === index) return;
      const message = `is the name of targets[${all.findIndex(is)}] already`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    });
  })
  .default([]);

/** Whether it has a size of its own, and is not the queue of a link. */
export function isResource(config: TargetConfig): config is ResourceTargetConfig {
  return config.resource !== 'buffer';
}

/**
 * What rules a target: what it names, else what suits its resource. A queue whose bursts may be
 * forecast rests on the law of SPEC 4.2, with a peak held 10 s.
 */
export function ruleOf({ resource, model, setpoint, hold_ms }: TargetConfig): ResourceDefaults {
  const defaults = ruleDefaults[resource];
  return {
    model: model === 'auto' ? defaults.model : (model ?? defaults.model),
    setpoint: setpoint ?? defaults.setpoint,
    holdMs: hold_ms ?? defaults.holdMs,
  };
}

/** Bounds of a buffer, bytes. */
export function bufferBoundsOf({
  min = bufferBounds.min,
  max = bufferBounds.max,
}: Pick<TargetConfig, 'min' | 'max'>): { min: number; max: number } {
  return { min, max };
}

/** What no single key shows to be wrong. */
function targetFaults(one: {
  name: string;
  resource: (typeof resourceKinds)[number];
  source?: string | undefined;
  link?: string | undefined;
  mode: string;
  model?: string | undefined;
  setpoint?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
}): { key: string; message: string }[] {
  const faults: { key: string; message: string }[] = [];
  const { resource, source, min, max } = one;
  const fault = (key: string, message: string) => faults.push({ key, message });
  if ((one.setpoint ?? 0) > setpointMax && one.model !== 'held-peak') {
    fault('setpoint', `must not exceed ${setpointMax}, unless model is held-peak`);
  }
  if (resource === 'buffer') {
    if (source !== undefined) {
      fault('source', 'is of other resources: a buffer is named by its link and agent');
    }
    const bounds = bufferBoundsOf(one);
    if (bounds.min > bounds.max) fault('min', 'must not exceed max');
    return faults;
  }
  if (source === undefined) fault('source', `is required: where the ${resource} is to be found`);
  const wrong = source === undefined ? undefined : sourceFault(source, one.mode);
  if (wrong !== undefined) fault('source', wrong);
  if (!resourceName.test(one.name)) {
    fault('name', 'must be letters, digits, ., _ and -: the original is kept under it');
  }
  if (one.link !== undefined) fault('link', 'is of a buffer only');
  if (min === undefined) fault('min', `is required for a ${resource}`);
  if (max === undefined) fault('max', `is required for a ${resource}`);
  if ((min ?? 0) > (max ?? Number.POSITIVE_INFINITY)) fault('min', 'must not exceed max');
  return faults;
}
