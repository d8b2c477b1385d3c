import {
  type FeatureWindows,
  linkSeries,
  openFollowedSource,
  pathSeries,
} from '@levitate/feature-windows';
import type { PathSample } from '@levitate/series';
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

/** The windows of paths from the same place; their connection is the part `paths` of readiness. */
export function openPaths(
  context: Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'registry' | 'readiness'>,
): Promise<FeatureWindows<PathSample>> {
  const { config, clock, registry, readiness } = context;
  return openFollowedSource({
    kind: pathSeries,
    config: config.windows,
    address: config.windows.telemetry_address,
    tls: tlsFilesOf(config),
    seriesMax: config.bandwidth.paths_max,
    clock,
    registry,
    onState: (isConnected, why) => readiness.set('paths', isConnected, why),
  });
}
