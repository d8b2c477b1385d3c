import { join } from 'node:path';
import { contracts } from '@levitate/contracts';
import { connect, type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import {
  type RunningService,
  type ServiceContext,
  StateDirectory,
  tlsFilesOf,
} from '@levitate/service-kit';
import { AgentClients } from './agent-clients.ts';
import type { FsuControllerConfig } from './config.ts';
import { ControlLoop } from './control-loop.ts';
import { ControlledTarget } from './controlled-target.ts';
import { DecisionLog } from './decision-log.ts';
import { followWindows } from './follow-windows.ts';
import { ForecastFeed } from './forecast-feed.ts';
import { holderName } from './holder-name.ts';
import { fsuMetrics, showTargets } from './metrics.ts';
import { openWindows } from './open-windows.ts';
import { OperatorOrders } from './operator-orders.ts';
import { PeriodTimer } from './period-timer.ts';
import { fsuRpcs } from './service.ts';
import { targetEvents } from './target-events.ts';
import { TickHub } from './tick-hub.ts';

/** Folder of the controller within the state directory. */
const stateFolder = 'fsu-controller';

type Context = ServiceContext<FsuControllerConfig>;

/**
 * Start the controller: state first (what operators ordered, what was decided), then the server,
 * then leases, forecasts and windows. Stopping goes the other way: no more samples, leases back
 * (the agents restore the originals), server, state.
 */
export async function startController(
  context: Context,
): Promise<RunningService & { grpcServer: GrpcServer }> {
  const { config, logger, clock, registry } = context;
  const tls = tlsFilesOf(config);
  const directory = await StateDirectory.open(join(config.state_directory, stateFolder));
  const metrics = fsuMetrics(registry);
  const hub = new TickHub();
  const orders = await OperatorOrders.open(directory);
  const log = await openLog(context, directory, () => metrics.logFailures.inc());
  const events = targetEvents({ logger, metrics, log, hub });
  const agents = new AgentClients({ tls, registry, defaultAddress: config.agent_address });
  const targets = await openTargets(context, { agents, orders, directory, events });
  showTargets(registry, targets);
  const links = [...new Set(targets.map(({ link }) => link))];
  const forecasts = openForecasts(context, links, () => metrics.forecasts.inc());
  const { period_ms: periodMs } = config;
  const shared = { agents, clock, periodMs, metrics };
  const loop = new ControlLoop({ targets, forecasts: forecasts.feed, ...shared });
  const rpcs = fsuRpcs({
    targets,
    orders,
    log,
    hub,
    clock,
    restore: (target) => agents.restore(target),
  });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [serve(contracts.fsuController, rpcs)],
    tls,
    registry,
    logger,
    reflection: true,
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const timer = new PeriodTimer({
    periodMs,
    clock,
    onPeriod: (at) => loop.onPeriod(at),
  });
  const windows = await openWindows(context);
  const onDown = (error: unknown) => logger.warn({ err: error }, 'the windows cannot be followed');
  const running = [
    ...targets.map((target) => target.authority.run(signal)),
    forecasts.feed.run(signal),
    followWindows({ windows, links, loop, signal, onDown }),
  ];
  timer.start();
  return {
    grpcServer,
    async drain(deadlineMs) {
      timer.stop();
      stopping.abort();
      await windows.close();
      await Promise.all(targets.map((target) => target.giveUp()));
      await Promise.all(running);
      await grpcServer.drain(deadlineMs);
      forecasts.close();
      agents.close();
      await directory.close();
    },
  };
}

function openLog(
  { config, logger }: Context,
  directory: StateDirectory,
  onFailure: () => void,
): Promise<DecisionLog> {
  return DecisionLog.open({
    directory,
    memoryMax: config.decisions.memory_max,
    fileBytesMax: config.decisions.file_bytes_max,
    onFailure: (error) => {
      onFailure();
      logger.error({ err: error }, 'a decision could not be written to the log');
    },
  });
}

async function openTargets(
  { config, logger, clock }: Context,
  parts: {
    agents: AgentClients;
    orders: OperatorOrders;
    directory: StateDirectory;
    events: ReturnType<typeof targetEvents>;
  },
): Promise<ControlledTarget[]> {
  const { agents, orders, directory, events } = parts;
  const holder = await holderName(directory);
  if (config.targets.length === 0) logger.warn('no targets are configured: nothing is controlled');
  return config.targets.map((target) => {
    const ordered = orders.mode(target.name);
    if (ordered !== undefined && ordered !== target.mode) {
      const { name, mode } = target;
      logger.warn({ target: name, mode: ordered, configured: mode }, "the operator's mode holds");
    }
    return new ControlledTarget({
      config: target,
      periodMs: config.period_ms,
      leaseTtlMs: config.lease_ttl_ms,
      changeDeadlineMs: config.change_deadline_ms,
      breaker: {
        failuresMax: config.breaker.failures_max,
        coolOffMs: config.breaker.cool_off_ms,
      },
      holder,
      agent: agents.of(target),
      clock,
      orders,
      events,
    });
  });
}

/** Forecasts are wanted for the links of predictive targets only. */
function openForecasts(context: Context, links: readonly string[], onForecast: () => void) {
  const { config, registry, clock, logger } = context;
  const wanted = new Set(
    config.targets.filter((one) => one.predictive).map(({ name, link }) => link ?? name),
  );
  const client = connect(contracts.predictor, {
    address: config.predictor_address,
    tls: tlsFilesOf(config),
    registry,
  });
  let wasConnected: boolean | undefined;
  const feed = new ForecastFeed({
    client,
    links: links.filter((link) => wanted.has(link)),
    clock,
    onForecast,
    onConnection: (isConnected, error) => {
      if (isConnected === wasConnected) return;
      wasConnected = isConnected;
      if (isConnected) logger.info('forecasts are coming in');
      else logger.warn({ err: error }, 'no forecasts: control is the reactive law');
    },
  });
  return { feed, close: () => client.close() };
}
