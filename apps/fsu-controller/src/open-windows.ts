import {
  type ConnectionState,
  type FeatureWindows,
  GrpcFeatureWindows,
  RedisFeatureWindows,
} from '@levitate/feature-windows';
import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { FsuControllerConfig } from './config.ts';

/** The windows the configuration names; readiness follows their connection. */
export async function openWindows(
  context: ServiceContext<FsuControllerConfig>,
): Promise<FeatureWindows> {
  const { config, clock, registry, readiness } = context;
  const { source, redis_url: url } = config.windows;
  const address = config.telemetry_address;
  const where = source === 'redis' ? url.replace(/\/\/[^@/]*@/, '//') : address;
  if (config.targets.length > 0) readiness.set('windows', false, `${where}: not connected yet`);
  const onConnection = (state: ConnectionState) => {
    const why = state.isConnected ? '' : `${where}: ${messageOf(state.error)}`;
    readiness.set('windows', state.isConnected, why);
  };
  if (source === 'redis') return RedisFeatureWindows.open({ url, clock, onConnection });
  return new GrpcFeatureWindows({
    address,
    tls: tlsFilesOf(config),
    clock,
    registry,
    onConnection,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
