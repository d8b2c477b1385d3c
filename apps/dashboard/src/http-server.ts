import { type OpsSources, registerOps } from '@levitate/service-kit';
import fastify, { type FastifyInstance } from 'fastify';
import type { ModelFeed } from './model-feed.ts';
import type { PageFiles } from './page-files.ts';
import type { Picture } from './picture.ts';
import type { ResourceFeed } from './resource-feed.ts';
import type { Viewers } from './viewers.ts';

/** @see httpServer */
export interface HttpServerOptions {
  readonly page: PageFiles;
  readonly picture: Picture;
  readonly viewers: Viewers;
  readonly models: ModelFeed;
  readonly resources: ResourceFeed;
  readonly ops: OpsSources;
  readonly unixMs: () => number;
}

/** The page, its JSON, its event stream and the operations routes. Not yet listening. */
export function httpServer(options: HttpServerOptions): FastifyInstance {
  const { page, picture, viewers, models, resources, ops, unixMs } = options;
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_024 });
  app.addHook('onSend', async (_, reply) => {
    reply.header('content-security-policy', page.contentSecurityPolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('cross-origin-resource-policy', 'same-origin');
  });
  registerOps(app, ops);
  for (const [path, file] of page.files) {
    app.get(path, async (request, reply) => {
      reply.header('cache-control', 'no-cache').header('etag', file.etag);
      if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
      return reply.type(file.contentType).send(file.body);
    });
  }
  app.get('/api/lanes', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return picture.snapshot(unixMs());
  });
  app.get('/api/models', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return models.list();
  });
  app.get<{ Params: { name: string } }>('/api/models/:name', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const found = await models.page(request.params.name);
    if (found !== undefined) return found;
    return reply.code(404).send({ error: 'no such model, or the predictor does not answer' });
  });
  app.get('/api/resources', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return resources.list();
  });
  app.get('/api/stream', (_, reply) => {
    const { raw } = reply;
    if (!viewers.add(raw)) {
      reply.code(503).send({ error: 'too many pages are open', limit: 'viewers_max' });
      return;
    }
    reply.hijack();
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    raw.write('retry: 1000\n\n');
  });
  return app;
}
