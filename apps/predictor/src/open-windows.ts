import { readFile } from 'node:fs/promises';
import {
  type ConnectionState,
  type FeatureWindows,
  GrpcFeatureWindows,
  RedisFeatureWindows,
} from '@levitate/feature-windows';
import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { PredictorConfig } from './config.ts';

/**
 * The windows the configuration names. The part `telemetry` of readiness follows their connection;
 * it is opened and kept open in the background.
 */
export async function openWindows(
  context: Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'registry' | 'readiness'>,
): Promise<FeatureWindows> {
  const { config, clock, registry, readiness } = context;
  const { source, telemetry_address: address, redis } = config.windows;
  const where = source === 'redis' ? `redis at ${redis.url}` : address;
  readiness.set('telemetry', false, `${where}: not connected yet`);
  const onConnection = (state: ConnectionState) => {
    const why = state.isConnected ? '' : `${where}: ${messageOf(state.error)}`;
    readiness.set('telemetry', state.isConnected, why);
  };
  if (source === 'grpc') {
    const tls = tlsFilesOf(config);
    return new GrpcFeatureWindows({ address, tls, clock, registry, onConnection });
  }
  return await RedisFeatureWindows.open({
    url: redis.url,
    password: await passwordIn(redis.password_file),
    keyPrefix: redis.key_prefix,
    linksMax: config.limits.links_max,
    clock,
    onConnection,
  });
}

async function passwordIn(file: string): Promise<string | undefined> {
  return file === '' ? undefined : (await readFile(file, 'utf8')).split('\n')[0];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
