import { startGrpcServer } from '@levitate/grpc-kit';
import { probeCapabilities } from '@levitate/kernel';
import type { Sample } from '@levitate/series';
import {
  type RunningService,
  type ServiceContext,
  type StateDirectory,
  tlsFilesOf,
} from '@levitate/service-kit';
import { openChain } from './actuators/open-chain.ts';
import { openRecords } from './agent-records.ts';
import { chooseKernel } from './choose-kernel.ts';
import { startCollecting } from './collecting.ts';
import type { AgentConfig } from './config.ts';
import { MemoryStore } from './durable-records.ts';
import type { Microburst } from './ebpf/microburst.ts';
import { type OpenedPrograms, openPrograms } from './ebpf/open-programs.ts';
import type { Kernel } from './kernel.ts';
import { LimitControl } from './limit-control.ts';
import { type AgentMetrics, agentMetrics } from './metrics.ts';
import { ReaderFeed } from './reader-feed.ts';
import { serveHostResources } from './resources/serve-resources.ts';
import { agentService } from './service.ts';
import { Supervision } from './supervision.ts';

/** Microbursts that wait for one reader. */
const MICROBURSTS_MAX = 10_000;

type Context = ServiceContext<AgentConfig>;

/**
 * Start the agent: what an earlier run left is put back before anything else, the supervisor
 * watches before any limit can be changed, and the server comes last. Stopping goes the other way,
 * limits first.
 */
export async function startAgent(context: Context): Promise<RunningService> {
  const { config, logger, registry } = context;
  const metrics = agentMetrics(registry);
  const kernel = openKernel(context, metrics);
  const isReal = kernel.kind === 'real';
  const records = await openRecords(context, isReal);
  const { directory } = records;
  const isSupervised = config.supervisor && (isReal || config.resources.length > 0);
  const supervision = isSupervised ? await supervise(context, metrics, directory) : undefined;
  const opened = loadPrograms(context, { kernel, metrics, stateDirectory: directory.path });
  const control = await openControl(context, { kernel, opened, metrics, directory });
  if (isReal) tellActuators(context, control);
  const resources = await serveHostResources(context, { directory, metrics });
  const feed = new ReaderFeed<Sample>(config.subscriber_samples_max);
  const microbursts = new ReaderFeed<Microburst>(MICROBURSTS_MAX);
  const { programs } = opened;
  const cadence = startCollecting(context, {
    kernel,
    programs,
    control,
    feed,
    microbursts,
    metrics,
  });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [
      agentService({ kernel, control, feed, microbursts, opened, metrics }),
      ...resources.services,
    ],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.reflection,
  }).catch(async (error) => {
    cadence.stop();
    await resources.stop();
    await supervision?.stop();
    programs?.close();
    await records.close();
    throw error;
  });
  const stop = async (deadlineMs: number) => {
    await Promise.all([control.stop(), resources.stop()]);
    cadence.stop();
    feed.end();
    microbursts.end();
    await grpcServer.drain(deadlineMs);
    await supervision?.stop();
    programs?.close();
    kernel.close();
    await records.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    grpcServer,
    drain(deadlineMs) {
      stopped ??= stop(deadlineMs);
      return stopped;
    },
  };
}

function openKernel({ config, logger, clock }: Context, metrics: AgentMetrics): Kernel {
  const kernel = chooseKernel({
    config,
    capabilities: probeCapabilities(),
    clock,
    onFault: ({ netns, error }) => {
      metrics.kernelFaults.inc({ code: error.code });
      logger.warn({ netns, err: error }, 'a namespace cannot be read; its links are missing');
    },
  });
  const links = kernel.links.map(({ name }) => name);
  if (kernel.kind === 'real') logger.info({ kernel: 'real', links }, 'real kernel');
  else {
    logger.warn(
      { kernel: 'simulated', reason: kernel.simulatedReason, links },
      `SIMULATED KERNEL: ${kernel.simulatedReason}`,
    );
  }
  return kernel;
}

function loadPrograms(
  { config, logger }: Context,
  parts: { kernel: Kernel; metrics: AgentMetrics; stateDirectory: string },
): OpenedPrograms {
  const { kernel, metrics, stateDirectory } = parts;
  const opened = openPrograms({
    config,
    kernel,
    stateDirectory,
    onFault: (error) => {
      metrics.kernelFaults.inc({ code: error.code });
      logger.warn({ err: error }, 'what the programs counted cannot be read; queues are polled');
    },
  });
  const { programs, reason } = opened;
  if (programs === undefined) {
    logger.warn({ reason }, 'no eBPF programs: the queues are looked at every poll_ms');
  } else {
    const { directory: pinned, reason: not_pinned } = programs.pins;
    logger.info({ pinned, not_pinned }, 'counting in the kernel, by eBPF programs');
  }
  return opened;
}

function openControl(
  { config, logger, clock }: Context,
  parts: {
    kernel: Kernel;
    opened: OpenedPrograms;
    metrics: AgentMetrics;
    directory: StateDirectory;
  },
): Promise<LimitControl> {
  const { kernel, opened, metrics, directory } = parts;
  const virtualQueues = opened.programs?.virtualQueues;
  return LimitControl.open({
    chain: openChain({ kernel, links: config.links, virtualQueues }),
    store: kernel.kind === 'real' ? directory : new MemoryStore(),
    clock,
    bounds: { limitBytesMin: config.limit_bytes_min, limitBytesMax: config.limit_bytes_max },
    onRestored: ({ link, actuator, outcome, limitBytes, error }, reason) => {
      metrics.restores.inc({ link, reason, outcome });
      const level = outcome === 'restored' ? 'info' : 'warn';
      const what = { link, actuator, outcome, limit_bytes: limitBytes, reason, err: error };
      logger[level](what, 'restore');
    },
  });
}

async function supervise(
  { logger, readiness }: Context,
  metrics: AgentMetrics,
  directory: StateDirectory,
): Promise<Supervision> {
  const supervision = new Supervision({
    directory: directory.path,
    onChange: (isUp) => {
      readiness.set('supervisor', isUp, 'it ended and is started again');
      if (isUp) metrics.supervisorRestarts.inc();
      else
        logger.error('the supervisor ended; until it is back a crash restores at the next start');
    },
  });
  await supervision.start();
  readiness.set('supervisor', true);
  return supervision;
}

/** Say once what drives each link, loudly where it is nothing on this host. */
function tellActuators({ logger }: Context, control: LimitControl): void {
  const names = control.links;
  control.lookAll().forEach(({ actuation, reason, unavailable }, index) => {
    const link = names[index];
    if (actuation === undefined) {
      logger.warn({ link, reason }, 'the link is not there yet');
      return;
    }
    const { kind: actuator, label } = actuation;
    if (actuator === 'simulated') {
      logger.warn({ link, unavailable }, `SIMULATED: no limit of ${link ?? ''} can be changed`);
    } else logger.info({ link, actuator, label, unavailable }, 'actuator');
  });
}
