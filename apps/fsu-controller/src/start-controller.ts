import { join } from 'node:path';
import type { Clock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import { connect, type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import { OriginalsOnDisk } from '@levitate/resource-sdk';
import {
  type RunningService,
  type ServiceContext,
  StateDirectory,
  tlsFilesOf,
} from '@levitate/service-kit';
import { AgentClients } from './agent-clients.ts';
import { type Alerts, openAlerts } from './alerts/open-alerts.ts';
import { CanaryRollout } from './canary-rollout.ts';
import type { FsuControllerConfig } from './config.ts';
import { auditedOrders, openAudit } from './control-audit.ts';
import { ControlLoop } from './control-loop.ts';
import { DecisionLog } from './decision-log.ts';
import { FollowedLinks } from './followed-links.ts';
import { holderName } from './holder-name.ts';
import { openLeaseStore } from './leases/open-lease-store.ts';
import { fsuMetrics, showTargets } from './metrics.ts';
import { openWindows } from './open-windows.ts';
import { OperatorOrders } from './operator-orders.ts';
import { PeriodTimer } from './period-timer.ts';
import { fsuRpcs } from './service.ts';
import { isResource } from './target-config.ts';
import { targetEvents } from './target-events.ts';
import { TargetOpening } from './target-opening.ts';
import { TargetSet } from './target-set.ts';
import { configuredTargets } from './targets-file.ts';
import { TickHub } from './tick-hub.ts';

/** Folder of the controller within the state directory. */
const stateFolder = 'fsu-controller';
/** Of the record of actions: every write to it is synced, and others would wait for that. */
const auditFolder = 'fsu-controller-audit';

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
  const directory = await StateDirectory.open(join(config.state_directory, stateFolder));
  const metrics = fsuMetrics(registry);
  const hub = new TickHub();
  const orders = await OperatorOrders.open(directory);
  const log = await openLog(context, directory, () => metrics.logFailures.inc());
  const alerts = openAlerts({ config: config.alerts, logger, clock, registry });
  const path = join(config.state_directory, auditFolder);
  const audit = await openAudit({ path, limits: config.audit, alerts, clock });
  const events = targetEvents({ logger, metrics, log, hub, alerts, audit, clock });
  const tls = tlsFilesOf(config);
  const agents = new AgentClients({ tls, registry, defaultAddress: config.agent_address });
  const canary = await openCanary(context, { directory, alerts, soakClock });
  const leases = await openLeaseStore(config.leases, {
    clock,
    ttlMs: config.lease_ttl_ms,
    originals: new OriginalsOnDisk(directory),
  });
  const holder = await holderName(directory);
  const opening = new TargetOpening({ context, agents, leases, orders, canary, events, holder });
  const windows = await openWindows(context);
  const predictor = connect(contracts.predictor, {
    address: config.predictor_address,
    tls,
    registry,
  });
  const followed = new FollowedLinks({
    client: predictor,
    windows,
    clock,
    onForecast: () => metrics.forecasts.inc(),
    onConnection: connectionLog(context),
    onDown: (error) => logger.warn({ err: error }, 'the windows cannot be followed'),
  });
  const loop = new ControlLoop({ forecasts: followed, agents, clock, periodMs, metrics });
  const targets = new TargetSet({
    open: (target) => opening.open(target),
    onChange() {
      const { queues, configs } = targets;
      loop.setTargets(queues);
      canary.follow(configs);
      followed.follow(linksOf(queues, configs), loop);
    },
  });
  showTargets(registry, () => targets.all);
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [
      serve(
        contracts.fsuController,
        auditedOrders(fsuRpcs({ targets, orders, canary, log, hub, clock }), audit, clock),
      ),
    ],
    tls,
    registry,
    logger,
    reflection: true,
  });
  const stopping = new AbortController();
  const timer = new PeriodTimer({ periodMs, clock, onPeriod: (at) => loop.onPeriod(at) });
  await configuredTargets({ config, logger, targets, signal: stopping.signal });
  const soaking = canary.run(stopping.signal);
  timer.start();
  return {
    grpcServer,
    canary,
    async drain(deadlineMs) {
      timer.stop();
      stopping.abort();
      await windows.close();
      await targets.stop();
      await Promise.all([followed.stop(), soaking]);
      await grpcServer.drain(deadlineMs);
      predictor.close();
      await leases.close();
      opening.close();
      agents.close();
      await alerts.close(deadlineMs);
      await audit.closeAll();
      await directory.close();
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

function openCanary(
  { config, logger }: Context,
  parts: { directory: StateDirectory; alerts: Alerts; soakClock: Clock },
): Promise<CanaryRollout> {
  const { directory, alerts, soakClock: clock } = parts;
  return CanaryRollout.open({
    config: config.canary,
    directory,
    clock,
    hostOf: ({ host, agent, source }) => host ?? source ?? agent ?? config.agent_address,
    onEvent(resource, event) {
      if (event.kind !== 'rolled-back') logger.info({ resource, ...event }, 'the roll-out went on');
      else alerts.raise({ kind: 'canary-rollback', target: resource, text: event.reason });
    },
    onFailure: (error) => logger.error({ err: error }, 'the roll-out could not be noted'),
  });
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
