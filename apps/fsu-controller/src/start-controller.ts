import type { Clock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import { connect, type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import { AgentClients } from './agent-clients.ts';
import type { CanaryRollout } from './canary-rollout.ts';
import type { FsuControllerConfig } from './config.ts';
import { auditedOrders } from './control-audit.ts';
import { ControlLoop } from './control-loop.ts';
import { openState } from './controller-state.ts';
import { FollowedLinks } from './followed-links.ts';
import { fsuMetrics, showTargets } from './metrics.ts';
import { openWindows } from './open-windows.ts';
import { PeriodTimer } from './period-timer.ts';
import { fsuRpcs } from './service.ts';
import { isResource } from './target-config.ts';
import { targetEvents } from './target-events.ts';
import { TargetOpening } from './target-opening.ts';
import { TargetSet } from './target-set.ts';
import { configuredTargets } from './targets-file.ts';
import { TickHub } from './tick-hub.ts';

type Context = ServiceContext<FsuControllerConfig>;

/**
 * Start the controller: state first (what operators ordered, what was decided), then the server,
 * then leases, forecasts and windows. Stopping goes the other way: no more samples, leases back
 * (originals are restored), server, state.
 * @param parts.soakClock time of the roll-out by stages; default the context's
 */
export async function startController(
  context: Context,
  { soakClock = context.clock }: { soakClock?: Clock } = {},
): Promise<RunningService & { grpcServer: GrpcServer; canary: CanaryRollout }> {
  const { config, logger, clock, registry } = context;
  const { period_ms: periodMs } = config;
  const tls = tlsFilesOf(config);
  const metrics = fsuMetrics(registry);
  const hub = new TickHub();
  const state = await openState(context, {
    soakClock,
    onLogFailure: (decisions) => metrics.logFailures.inc(decisions),
  });
  const { orders, log, audit, canary, reports } = state;
  const events = targetEvents({ ...state, logger, metrics, hub, clock });
  const agents = new AgentClients({ tls, registry, defaultAddress: config.agent_address });
  const opening = new TargetOpening({ ...state, context, agents, events });
  const followed = await openFollowed(context, () => metrics.forecasts.inc());
  const loop = new ControlLoop({ forecasts: followed.links, agents, clock, periodMs, metrics });
  const targets = new TargetSet({
    open: (target) => opening.open(target),
    onChange() {
      const { queues, configs } = targets;
      loop.setTargets(queues);
      canary.follow(configs);
      followed.links.follow(linksOf(queues, configs), loop);
    },
  });
  showTargets(registry, () => targets.all);
  const rpcs = fsuRpcs({ targets, orders, canary, reports, log, hub, clock });
  const services = [serve(contracts.fsuController, auditedOrders(rpcs, audit, clock))];
  const { listen } = config;
  const grpcServer = await startGrpcServer({
    ...{ listen, services, tls, registry, logger, reflection: true },
  });
  const stopping = new AbortController();
  const timer = new PeriodTimer({ periodMs, clock, onPeriod: (at) => loop.onPeriod(at) });
  await configuredTargets({ config, logger, targets, signal: stopping.signal });
  const soaking = canary.run(stopping.signal);
  const reporting = reports.run(stopping.signal);
  timer.start();
  return {
    grpcServer,
    canary,
    async drain(deadlineMs) {
      timer.stop();
      stopping.abort();
      await followed.stopWindows();
      await targets.stop();
      await Promise.all([followed.stop(), soaking, reporting]);
      await grpcServer.drain(deadlineMs);
      opening.close();
      agents.close();
      await state.close(deadlineMs);
    },
  };
}

/** Windows and forecasts of whatever links are controlled. */
async function openFollowed(context: Context, onForecast: () => void) {
  const { config, logger, clock, registry } = context;
  const windows = await openWindows(context);
  const { predictor_address: address } = config;
  const client = connect(contracts.predictor, { address, tls: tlsFilesOf(config), registry });
  const links = new FollowedLinks({
    ...{ client, windows, clock, onForecast },
    onConnection: connectionLog(context),
    onDown: (error) => logger.warn({ err: error }, 'the windows cannot be followed'),
  });
  return {
    links,
    stopWindows: () => windows.close(),
    async stop() {
      await links.stop();
      client.close();
    },
  };
}

/** Every link that is controlled, and those of which forecasts are wanted. */
function linksOf(queues: TargetSet['queues'], configs: TargetSet['configs']) {
  const predictive = new Set(
    configs
      .filter((one) => one.predictive && !isResource(one))
      .map(({ name, link }) => link ?? name),
  );
  const all = [...new Set(queues.map(({ link }) => link))];
  return { all, forecast: all.filter((link) => predictive.has(link)) };
}

/** Told once when forecasts come or go. */
function connectionLog({ logger }: Context): (isConnected: boolean, error?: unknown) => void {
  let wasConnected: boolean | undefined;
  return (isConnected, error) => {
    if (isConnected === wasConnected) return;
    wasConnected = isConnected;
    if (isConnected) logger.info('forecasts are coming in');
    else logger.warn({ err: error }, 'no forecasts: control is the reactive law');
  };
}
