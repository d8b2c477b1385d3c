import { contracts } from '@levitate/contracts';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { FeatureWindows } from '../feature-windows.ts';
import { windowRpcs } from '../window-rpcs.ts';

/** Windows behind a real gRPC server, as telemetry has them; port 0 takes a free one. */
export function serveWindows(windows: FeatureWindows, port = 0): Promise<GrpcServer> {
  return startGrpcServer({
    listen: `127.0.0.1:${port}`,
    services: [serve(contracts.telemetry, windowRpcs(windows))],
  });
}
