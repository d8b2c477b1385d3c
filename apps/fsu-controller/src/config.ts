import { lawNames } from '@levitate/control';
import { followedSource } from '@levitate/feature-windows/config';
import { commonConfig, listenAddress } from '@levitate/service-kit';
import { z } from 'zod';

/** Targets one controller takes; beyond it another controller is started. */
export const targetsMax = 256;

const name = z.string().min(1).max(128);
const bytes = z.int().min(1).max(0xffff_ffff);

const target = z
  .strictObject({
    name: name.describe('Name of the target, unique in this controller.'),
    link: name.optional().describe('Link it controls; default: its name.'),
    agent: listenAddress.optional().describe('Agent of its host; default: agent_address.'),
    mode: z
      .enum(['observe', 'recommend', 'enforce'])
      .default('recommend')
      .describe('observe measures, recommend decides and logs, enforce changes.'),
    predictive: z.boolean().default(true).describe('Use forecasts; false: reactive law alone.'),
    model: z
      .enum([...lawNames, 'auto'])
      .default('optomechanical')
      .describe('The law without forecasts; auto: the model that did best of late.'),
    auto_tune: z
      .boolean()
      .default(false)
      .describe('Tune setpoint and hold by replay of the recent past.'),
    min_bytes: bytes.default(524_288).describe('Least limit; the latency budget wins over it.'),
    max_bytes: bytes.default(16_777_216).describe('Largest limit.'),
    latency_budget_ms: z
      .number()
      .min(1)
      .max(60_000)
      .default(150)
      .describe('Longest delay a full queue may cause; bounds the limit.'),
    max_changes_per_minute: z.int().min(1).max(600).default(10).describe('Changes in any minute.'),
    hold_ms: z
      .number()
      .min(0)
      .max(180_000)
      .default(10_000)
      .describe('How long the reactive law holds a peak.'),
    setpoint: z.number().min(0.1).max(0.9).default(0.7).describe('Utilisation to hold.'),
    actuation_delay_ms: z
      .number()
      .min(0)
      .max(60_000)
      .default(100)
      .describe('From a decision until its size is usable; for a queue limit one period.'),
  })
  .refine((one) => one.min_bytes <= one.max_bytes, {
    path: ['min_bytes'],
    message: 'must not exceed max_bytes',
  });

/** Configuration of the controller; defaults suit one host or a LAN (round trip below 50 ms). */
export const fsuControllerConfig = commonConfig.extend({
  listen: listenAddress.default('127.0.0.1:7413').describe('Address of the gRPC server.'),
  ops_listen: listenAddress
    .default('127.0.0.1:7513')
    .describe('Address of plain HTTP /metrics, /livez, /readyz and /health.'),
  telemetry_address: listenAddress
    .default('127.0.0.1:7411')
    .describe('Telemetry service whose windows are followed; unused with windows.source redis.'),
  predictor_address: listenAddress
    .default('127.0.0.1:7412')
    .describe('Predictor whose forecasts are followed.'),
  agent_address: listenAddress
    .default('127.0.0.1:7414')
    .describe('Agent of targets that name none.'),
  windows: followedSource.prefault({}),
  period_ms: z.int().min(50).max(1_000).default(100).describe('Period of the loop.'),
  lease_ttl_ms: z
    .int()
    .min(500)
    .max(60_000)
    .default(5_000)
    .describe('Length of the lease with an agent; renewed at 0.4 of it. Shorter restores sooner.'),
  change_deadline_ms: z
    .int()
    .min(10)
    .max(5_000)
    .default(1_000)
    .describe('Time an agent gets for one change.'),
  breaker: z
    .strictObject({
      failures_max: z
        .int()
        .min(0)
        .max(100)
        .default(3)
        .describe('Consecutive failed changes borne; one more stops control of the target.'),
      cool_off_ms: z
        .int()
        .min(1_000)
        .max(86_400_000)
        .default(600_000)
        .describe('Time after which a stopped target is tried again.'),
    })
    .prefault({}),
  decisions: z
    .strictObject({
      memory_max: z.int().min(10).max(100_000).default(2_000).describe('Decisions kept in memory.'),
      file_bytes_max: z
        .int()
        .min(4_096)
        .max(1_073_741_824)
        .default(8_388_608)
        .describe('Size at which the decision log is set aside; two older files are kept.'),
    })
    .prefault({}),
  targets: z
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
    .default([])
    .describe('What is controlled.'),
});

export type FsuControllerConfig = z.output<typeof fsuControllerConfig>;
export type TargetConfig = FsuControllerConfig['targets'][number];

/** A changed limit takes a WAN round trip, and a lost packet must not cost the lease. */
export const fsuControllerPresets = { wan: { lease_ttl_ms: 10_000 } } as const;
