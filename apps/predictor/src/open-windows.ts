import { type FeatureWindows, GrpcFeatureWindows } from '@levitate/feature-windows';
import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { PredictorConfig } from './config.ts';

/** The windows the configuration names; readiness follows their connection. */
export async function openWindows(
  context: Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'registry' | 'readiness'>,
): Promise<FeatureWindows> {
  const { config, clock, registry, readiness } = context;
  const { source, telemetry_address } = config.windows;
  readiness.set('telemetry', false, 'not connected yet');
  return new GrpcFeatureWindows({
    address: telemetry_address,
    tls: tlsFilesOf(config),
    clock,
    registry,
    onConnection: (state) =>
      state.isConnected
        ? readiness.set('telemetry', true)
        : readiness.set('telemetry', false, `${source} ${telemetry_address}: ${state.error}`),
  });
}
