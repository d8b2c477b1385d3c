import { contracts } from '@levitate/contracts';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import type { FeatureWindows } from '../feature-windows.ts';
import { linkSeries } from '../link-series.ts';
import { MemoryFeatureWindows } from '../memory-feature-windows.ts';
import { pathSeries } from '../path-series.ts';
import { windowRpcs } from '../window-rpcs.ts';

/** What a telemetry serves. */
export interface ServedWindows {
  links: FeatureWindows;
  paths: FeatureWindows<PathSample>;
}

/**
 * Windows behind a real gRPC server, as telemetry has them; those not given are empty. Port 0 takes
 * a free one.
 */
export function serveWindows(windows: Partial<ServedWindows>, port = 0): Promise<GrpcServer> {
  const clock = { unixMs: () => Date.now(), monotonicMs: () => performance.now() };
  const {
    links = new MemoryFeatureWindows({ kind: linkSeries, clock }),
    paths = new MemoryFeatureWindows({ kind: pathSeries, clock }),
  } = windows;
  return startGrpcServer({
    listen: `127.0.0.1:${port}`,
    services: [serve(contracts.telemetry, windowRpcs({ links, paths }))],
  });
}
