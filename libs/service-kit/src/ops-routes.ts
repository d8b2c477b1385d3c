import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

/** What the operations routes show. */
export interface OpsSources {
  readonly registry: Registry;
  readonly readiness: Readiness;
}

/** Adds `/metrics`, `/livez`, `/readyz` and `/health` to a fastify instance. */
export function registerOps(app: FastifyInstance, { registry, readiness }: OpsSources): void {
  app.get('/metrics', async (_, reply) => {
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
  app.get('/livez', async () => ({ status: 'live' }));
  for (const path of ['/readyz', '/health']) {
    app.get(path, async (_, reply) => {
      const { isReady, components } = readiness;
      reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
      return { status: isReady ? 'ready' : 'not ready', components };
    });
  }
}
