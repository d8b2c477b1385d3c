import type { telemetry } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import type { FeatureWindows } from './feature-windows.ts';
import { linkRpcs } from './link-rpcs.ts';
import { pathRpcs } from './path-rpcs.ts';

/** The serving side of `GrpcFeatureWindows`: `levitate.telemetry.v1.TelemetryService`. */
export function windowRpcs(windows: {
  links: FeatureWindows;
  paths: FeatureWindows<PathSample>;
}): Handlers<telemetry.TelemetryServiceMethods> {
  return { ...linkRpcs(windows.links), ...pathRpcs(windows.paths) };
}
