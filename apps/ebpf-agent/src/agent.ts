import { startGrpcServer } from '@levitate/grpc-kit';
import { probeCapabilities } from '@levitate/kernel';
import {
  type RunningService,
  type ServiceContext,
  type StateDirectory,
  tlsFilesOf,
} from '@levitate/service-kit';
import { withActuatedLimits } from './actuated-readings.ts';
import { openChain } from './actuators/open-chain.ts';
import { openRecords } from './agent-records.ts';
import { Cadence } from './cadence.ts';
import { chooseKernel } from './choose-kernel.ts';
import { Collector } from './collector.ts';
import type { AgentConfig } from './config.ts';
import { MemoryStore } from './durable-records.ts';
import type { Kernel } from './kernel.ts';
import { LimitControl } from './limit-control.ts';
import { type AgentMetrics, agentMetrics, observeAgent } from './metrics.ts';
import { SampleFeed } from './sample-feed.ts';
import { agentService } from './service.ts';
import { Supervision } from './supervision.ts';

type Context = ServiceContext<AgentConfig>;

/**
 * Start the agent: what an earlier run left is put back before anything else, the supervisor
 * watches before any limit can be changed, and the server comes last. Stopping goes the other way,
 * limits first.
 */
export async function startAgent(context: Context): Promise<RunningService> {
  const { config, logger, clock, registry } = context;
  const metrics = agentMetrics(registry);
  const kernel = openKernel(context, metrics);
  const isReal = kernel.kind === 'real';
  const records = await openRecords(context, isReal);
  const { directory } = records;
  const supervision =
    isReal && config.supervisor ? await supervise(context, metrics, directory) : undefined;
  const control = await LimitControl.open({
    chain: openChain({ kernel, links: config.links }),
    store: isReal ? directory : new MemoryStore(),
    clock,
    bounds: { limitBytesMin: config.limit_bytes_min, limitBytesMax: config.limit_bytes_max },
    onRestored: ({ link, actuator, outcome, limitBytes, error }, reason) => {
      metrics.restores.inc({ link, reason, outcome });
      const level = outcome === 'restored' ? 'info' : 'warn';
      const what = { link, actuator, outcome, limit_bytes: limitBytes, reason, err: error };
      logger[level](what, 'restore');
    },
  });
  if (isReal) tellActuators(context, control);
  const feed = new SampleFeed(config.subscriber_samples_max);
  const cadence = startCollecting(context, { kernel, control, feed, metrics });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [agentService({ kernel, control, feed, metrics })],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.reflection,
  }).catch(async (error) => {
    cadence.stop();
    await supervision?.stop();
    await records.close();
    throw error;
  });
  const stop = async (deadlineMs: number) => {
    await control.stop();
    cadence.stop();
    feed.end();
    await grpcServer.drain(deadlineMs);
    await supervision?.stop();
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

function startCollecting(
  { config, clock, registry, readiness }: Context,
  parts: { kernel: Kernel; control: LimitControl; feed: SampleFeed; metrics: AgentMetrics },
): Cadence {
  const { kernel, control, feed, metrics } = parts;
  readiness.set('samples', false, 'the first interval is not over');
  let slowestMs = 0;
  const collector = new Collector({
    kernel: withActuatedLimits(kernel, (link) => control.hiddenLimit(link)),
    clock,
    pollMs: config.poll_ms,
    intervalMs: config.interval_ms,
    onSamples: (samples) => {
      metrics.samples.inc(samples.length);
      metrics.pollSecondsMax.observe(slowestMs / 1000);
      slowestMs = 0;
      feed.publish(samples);
      readiness.set('samples', true);
    },
  });
  observeAgent(registry, { kernel, collector, control, feed });
  const cadence = new Cadence({
    clock,
    periodMs: config.poll_ms,
    onTick: ({ missed }) => {
      const startMs = clock.monotonicMs();
      if (missed > 0) metrics.pollsMissed.inc(missed);
      collector.tick();
      control.expire();
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - startMs);
    },
  });
  cadence.start();
  return cadence;
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
