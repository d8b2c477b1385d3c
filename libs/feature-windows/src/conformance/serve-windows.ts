import { contracts } from '@levitate/contracts';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { FeatureWindows } from '../feature-windows.ts';
import { windowHandlers } from '../window-handlers.ts';

/** Windows behind a real gRPC server, as the telemetry service has them; port 0 takes a free one. */
export function serveWindows(windows: FeatureWindows, port = 0): Promise<GrpcServer> {
  return startGrpcServer({
    listen: `127.0.0.1:${port}`,
    services: [serve(contracts.telemetry, windowHandlers(windows))],
  });
}
