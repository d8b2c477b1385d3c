import { RpcError } from '@levitate/grpc-kit';
import type { Logger } from '@levitate/service-kit';
import fastify from 'fastify';
import type { BandwidthEngine } from '../bandwidth/bandwidth-engine.ts';
import { pathWindow } from '../bandwidth/path-window.ts';
import type { PredictorConfig } from '../config.ts';
import { bandwidthRequest, MBIT, samplesOf } from './bandwidth-request.ts';

/** The JSON facade that listens. */
export interface Facade {
  /** `host:port` with the actual port. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Starts the JSON facade that NovaCron's present calls use, where the configuration wants one.
 * @throws the system's listen error
 */
export async function startFacade(parts: {
  config: PredictorConfig;
  logger: Logger;
  engine: BandwidthEngine | undefined;
}): Promise<Facade | undefined> {
  const { config, logger, engine } = parts;
  const listen = config.facade_listen;
  if (listen === 'off' || engine === undefined) return undefined;
  const app = facade(engine);
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon);
  await app.listen({ host: host.replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) });
  const bound = app.server.address();
  const address = `${host}:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  logger.info({ url: `http://${address}/api/predict/bandwidth` }, 'JSON facade');
  return { address, close: () => app.close() };
}

/** The facade's routes, not yet listening. */
export function facade(engine: BandwidthEngine) {
  const app = fastify({ forceCloseConnections: true, bodyLimit: BODY_BYTES_MAX });
  app.post('/api/predict/bandwidth', async (request, reply) => {
    const parsed = bandwidthRequest.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = issue?.path.join('.') ?? '';
      return reply.code(400).send({ error: issue?.message ?? 'malformed', field });
    }
    const nowUnixMs = Date.now();
    const closed = new AbortController();
    reply.raw.on('close', () => closed.abort());
    try {
      const window = pathWindow(samplesOf(parsed.data, nowUnixMs));
      const [forecast] = await engine.forecast([window], {
        trafficClass: '',
        signal: closed.signal,
        deadlineUnixMs: nowUnixMs + ANSWER_MS_MAX,
      });
      const steps = forecast?.steps.slice(0, parsed.data.horizon) ?? [];
      return {
        predictions: steps.map(({ mean }) => mean / MBIT),
        lower: steps.map(({ q10 }) => q10 / MBIT),
        upper: steps.map(({ q90 }) => q90 / MBIT),
        unit: 'Mbit/s',
        step_seconds: 1,
        model: forecast?.model ?? '',
        backend: forecast?.backend ?? '',
        abstained: forecast?.abstained ?? [],
      };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const status = error.code === 'RESOURCE_EXHAUSTED' ? 429 : 503;
      return reply.code(status).send({ error: error.message, reason: error.reason });
    }
  });
  return app;
}

const BODY_BYTES_MAX = 256 * 1024;
/** Beyond it the caller of HTTP has most likely gone. */
const ANSWER_MS_MAX = 2_000;
