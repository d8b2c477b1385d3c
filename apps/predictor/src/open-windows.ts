import { type FeatureWindows, linkSeries, openFollowedSource } from '@levitate/feature-windows';
import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { PredictorConfig } from './config.ts';

/**
 * The windows the configuration names; the part `telemetry` of readiness follows their connection.
 *
 * @throws FeatureWindowsError `password-unreadable`
 */
export function openWindows(
  context: Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'registry' | 'readiness'>,
): Promise<FeatureWindows> {
  const { config, clock, registry, readiness } = context;
  return openFollowedSource({
    kind: linkSeries,
    config: config.windows,
    address: config.windows.telemetry_address,
    tls: tlsFilesOf(config),
    seriesMax: config.limits.links_max,
    clock,
    registry,
    onState: (isConnected, why) => readiness.set('telemetry', isConnected, why),
  });
}
