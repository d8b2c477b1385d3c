import { followedSource } from '@levitate/feature-windows/config';
import { commonConfig, listenAddress } from '@levitate/service-kit';
import { z } from 'zod';
import { alertsConfig } from './alerts/alerts-config.ts';
import { canaryConfig } from './canary-config.ts';
import { leasesConfig } from './leases/leases-config.ts';
import { reportsConfig } from './reports/reports-config.ts';
import { targetList } from './target-config.ts';

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
  leases: leasesConfig.prefault({}),
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
  audit: z
    .strictObject({
      segment_bytes_max: z
        .int()
        .min(65_536)
        .max(1_073_741_824)
        .default(4_194_304)
        .describe('Size at which the record of actions begins a new file.'),
      segments_max: z
        .int()
        .min(2)
        .max(1_000)
        .default(8)
        .describe('Files kept; the oldest goes, and the chain goes on from where it ended.'),
    })
    .prefault({}),
  alerts: alertsConfig.prefault({}),
  reports: reportsConfig.prefault({}),
  targets: targetList.describe('What is controlled.'),
  targets_file: z
    .string()
    .min(1)
    .optional()
    .describe('File with further targets, read again whenever it changes.'),
  canary: canaryConfig,
});

export type FsuControllerConfig = z.output<typeof fsuControllerConfig>;

/** A changed limit takes a WAN round trip, and a lost packet must not cost the lease. */
export const fsuControllerPresets = { wan: { lease_ttl_ms: 10_000 } } as const;
