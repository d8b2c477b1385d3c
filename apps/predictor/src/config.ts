import { followedSource } from '@levitate/feature-windows/config';
import {
  type CommonConfig,
  commonConfig,
  listenAddress,
  type Presets,
} from '@levitate/service-kit';
import { z } from 'zod';
import { bandwidthConfig, liquidConfig, modelsConfig } from './model-config.ts';

const capability = z.enum(['burst', 'bandwidth', 'liquid']);

/** Configuration of the predictor; the defaults suit one host or a LAN (round trip below 50 ms). */
export const predictorConfig = commonConfig.extend({
  listen: listenAddress.default('127.0.0.1:7412').describe('Address of the gRPC server.'),
  ops_listen: listenAddress
    .default('127.0.0.1:7512')
    .describe('Address of plain HTTP /metrics, /livez, /readyz and /health.'),
  windows: followedSource
    .extend({
      telemetry_address: listenAddress
        .default('127.0.0.1:7411')
        .describe('gRPC address of telemetry; used when source is grpc.'),
    })
    .prefault({}),
  forecast_interval_ms: z
    .int()
    .min(50)
    .max(10_000)
    .default(1000)
    .describe('Time between two forecasts of a link; all links are forecast in one tick.'),
  horizon_seconds: z
    .int()
    .min(2)
    .max(10)
    .default(10)
    .describe('How far ahead bursts are looked for.'),
  stale_after_ms: z
    .int()
    .min(200)
    .max(3_600_000)
    .default(2_000)
    .describe('A link silent for longer (and for 3 of its own intervals) is forecast as no-data.'),
  forget_after_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(600_000)
    .describe('A link silent for longer is forgotten, with all that was learnt of it.'),
  capabilities: z
    .array(capability)
    .min(1)
    .max(3)
    .default(['burst', 'bandwidth', 'liquid'])
    .describe('What this process serves; each can be deployed alone.'),
  facade_listen: z
    .union([z.literal('off'), listenAddress])
    .default('off')
    .describe('Address of the JSON facade, POST /api/predict/bandwidth; off for none.'),
  models: modelsConfig.prefault({}),
  bandwidth: bandwidthConfig.prefault({}),
  liquid: liquidConfig.prefault({}),
  limits: z
    .strictObject({
      links_max: z
        .int()
        .min(1)
        .max(10_000)
        .default(1_000)
        .describe('Links followed at once; samples of further ones are refused and counted.'),
      streams_max: z
        .int()
        .min(1)
        .max(10_000)
        .default(100)
        .describe('Readers of StreamForecasts at once.'),
      stream_forecasts_max: z
        .int()
        .min(1)
        .max(100_000)
        .default(4_000)
        .describe('Forecasts that wait for one slow reader; older ones are dropped and counted.'),
      replays_max: z
        .int()
        .min(1)
        .max(64)
        .default(4)
        .describe('ForecastWindow calls worked on at once; further ones are refused.'),
    })
    .prefault({}),
});

/** @see predictorConfig */
export type PredictorConfig = z.output<typeof predictorConfig> & CommonConfig;

/** `lan` and `wan` listen to other hosts; over a WAN a link may be silent for longer. */
export const predictorPresets: Presets = {
  lan: { listen: '0.0.0.0:7412' },
  wan: { listen: '0.0.0.0:7412', stale_after_ms: 5_000 },
};
