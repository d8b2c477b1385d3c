import fastify from 'fastify';
import { type OpsSources, registerOps } from './ops-routes.ts';

/** The operations server of a service. */
export interface OpsServer {
  /** `host:port` with the actual port. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts plain HTTP with the operations routes alone. Rejects with the system's listen error. */
export async function startOpsServer(listen: string, sources: OpsSources): Promise<OpsServer> {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_024 });
  registerOps(app, sources);
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon);
  await app.listen({
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(listen.slice(colon + 1)),
  });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: `${host}:${port}`, close: () => app.close() };
}
