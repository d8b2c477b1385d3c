import { type FeatureWindows, linkSeries, openFollowedSource } from '@levitate/feature-windows';
import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { FsuControllerConfig } from './config.ts';

/**
 * The windows the configuration names; readiness follows their connection where there is a target
 * to follow them for.
 *
 * @throws FeatureWindowsError `password-unreadable`
 */
export function openWindows(
  context: Pick<ServiceContext<FsuControllerConfig>, 'config' | 'clock' | 'registry' | 'readiness'>,
): Promise<FeatureWindows> {
  const { config, clock, registry, readiness } = context;
  return openFollowedSource({
    kind: linkSeries,
    config: config.windows,
    address: config.telemetry_address,
    tls: tlsFilesOf(config),
    clock,
    registry,
    onState(isConnected, why) {
      if (config.targets.length > 0) readiness.set('windows', isConnected, why);
    },
  });
}
