import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import { Gauge } from 'prom-client';
import type { DashboardConfig } from './config.ts';
import { runFeeds } from './feeds.ts';
import { httpServer } from './http-server.ts';
import { ModelFeed } from './model-feed.ts';
import { loadPageFiles } from './page-files.ts';
import { Picture } from './picture.ts';
import { ResourceFeed } from './resource-feed.ts';
import { watchServices } from './service-watch.ts';
import { Viewers } from './viewers.ts';

/**
 * Starts feeds and HTTP. The dashboard is ready when it serves: services that are away are what
 * it is there to show.
 */
export async function start(context: ServiceContext<DashboardConfig>): Promise<RunningService> {
  const { config, readiness, registry, clock, logger, signal } = context;
  const picture = new Picture({
    lanesMax: config.lanes_max,
    windowSamples: config.window_samples,
  });
  const viewers = new Viewers({ picture, viewersMax: config.viewers_max });
  const tls = tlsFilesOf(config);
  const { telemetry, predictor, fsu_controller, ebpf_agent } = config.peers;
  const models = new ModelFeed({ address: predictor.address, tls });
  const resources = new ResourceFeed({ address: fsu_controller.address, tls });
  const app = httpServer({
    models,
    resources,
    page: await loadPageFiles(),
    picture,
    viewers,
    ops: { registry, readiness },
    unixMs: () => clock.unixMs(),
  });
  new Gauge({
    name: 'levitate_dashboard_viewers',
    help: 'Pages that are open.',
    registers: [registry],
    collect() {
      this.set(viewers.count);
    },
  });
  const colon = config.listen.lastIndexOf(':');
  const host = config.listen.slice(0, colon);
  await app.listen({
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(config.listen.slice(colon + 1)),
  });
  const bound = app.server.address();
  const address = `${host}:${typeof bound === 'object' && bound ? bound.port : 0}`;

  const feeds = runFeeds({
    agentAddress: ebpf_agent.address,
    controllerAddress: fsu_controller.address,
    tls,
    picture,
    signal,
    onState: stateLog(logger),
  });
  const watch = watchServices({
    services: [
      { name: 'ebpf-agent', ...ebpf_agent },
      { name: 'telemetry', ...telemetry },
      { name: 'predictor', ...predictor },
      { name: 'fsu-controller', ...fsu_controller },
    ],
    tls,
    signal,
    onStates: (states) => picture.setServices(states),
  });
  const rounds = setInterval(() => viewers.send(clock.unixMs()), config.refresh_ms);
  logger.info({ url: `http://${address}` }, 'dashboard');
  return {
    address,
    async drain() {
      clearInterval(rounds);
      viewers.close();
      await app.close();
      models.close();
      resources.close();
      await Promise.all([feeds, watch]);
    },
  };
}

/** Logs a feed when it breaks and when it flows again, not at every attempt in between. */
function stateLog(
  logger: ServiceContext<DashboardConfig>['logger'],
): (feed: string, isFlowing: boolean, why: string) => void {
  const broken = new Set<string>();
  return (feed, isFlowing, why) => {
    if (isFlowing && broken.delete(feed)) logger.info({ feed }, 'feed flows again');
    if (isFlowing || broken.has(feed)) return;
    broken.add(feed);
    logger.warn({ feed, why }, 'feed broken, opening it again until it flows');
  };
}
