import type { Sample, TimedSample } from '@levitate/series';
import type { FeatureWindows } from './feature-windows.ts';
import {
  type ConnectionState,
  GrpcFeatureWindows,
  type GrpcWindowsOptions,
} from './grpc-feature-windows.ts';
import { redisConnection } from './redis-connection.ts';
import { RedisFeatureWindows } from './redis-feature-windows.ts';
import type { FollowedSource } from './windows-config.ts';

/** @see openFollowedSource */
export interface FollowedSourceOptions<S extends TimedSample = Sample>
  extends Pick<GrpcWindowsOptions<S>, 'kind' | 'address' | 'tls' | 'clock' | 'registry'> {
  readonly config: FollowedSource;
  /** Links or paths held in this process when the source is Redis. Default 1,000. */
  readonly seriesMax?: number | undefined;
  /** Told at once that it is not connected yet, then of every change; `why` is empty when it is. */
  readonly onState: (isConnected: boolean, why: string) => void;
}

/**
 * The windows a service follows: telemetry's at `address`, or those in Redis. The connection is
 * opened and kept open in the background.
 *
 * @throws FeatureWindowsError `password-unreadable`
 */
export async function openFollowedSource<S extends TimedSample>(
  options: FollowedSourceOptions<S>,
): Promise<FeatureWindows<S>> {
  const { kind, config, address, tls, clock, registry, seriesMax, onState } = options;
  const says = (where: string) => {
    onState(false, `${where}: not connected yet`);
    return (state: ConnectionState) =>
      onState(state.isConnected, state.isConnected ? '' : `${where}: ${messageOf(state.error)}`);
  };
  if (config.source === 'grpc') {
    return new GrpcFeatureWindows({
      kind,
      address,
      tls,
      clock,
      registry,
      onConnection: says(address),
    });
  }
  const { shownUrl, ...connection } = await redisConnection(config.redis);
  const bounds = seriesMax === undefined ? {} : { seriesMax };
  const onConnection = says(`redis at ${shownUrl}`);
  return await RedisFeatureWindows.open({ kind, ...connection, ...bounds, clock, onConnection });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
