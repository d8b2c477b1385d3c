import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startGrpcServer } from '@levitate/grpc-kit';
import { probeCapabilities } from '@levitate/kernel';
import {
  type RunningService,
  type ServiceContext,
  StateDirectory,
  StateDirectoryError,
  tlsFilesOf,
} from '@levitate/service-kit';
import { Actuator } from './actuator.ts';
import { Cadence } from './cadence.ts';
import { chooseKernel } from './choose-kernel.ts';
import { Collector } from './collector.ts';
import type { AgentConfig } from './config.ts';
import { MemoryStore } from './durable-records.ts';
import type { Kernel } from './kernel.ts';
import { type AgentMetrics, agentMetrics, observeAgent } from './metrics.ts';
import { AGENT_FOLDER } from './restore-all.ts';
import { restoreRecorded } from './restore-originals.ts';
import { SampleFeed } from './sample-feed.ts';
import { agentService } from './service.ts';
import { Supervision } from './supervision.ts';

/** The supervisor of a dead agent may hold the state directory for a moment. */
const LOCK_WAIT_MS = 5_000;
const LOCK_RETRY_MS = 50;

type Context = ServiceContext<AgentConfig>;

/**
 * Start the agent: what an earlier run left is put back before anything else, the supervisor
 * watches before any limit can be changed, and the server comes last. Stopping goes the other way,
 * limits first.
 */
export async function startAgent(context: Context): Promise<RunningService> {
  const { config, logger, clock, registry } = context;
  const directory = await openPatiently(join(config.state_directory, AGENT_FOLDER));
  for (const { error, ...one } of await restoreRecorded(directory)) {
    logger.warn({ ...one, err: error }, 'put back what an earlier run left');
  }
  const metrics = agentMetrics(registry);
  const kernel = openKernel(context, metrics);
  const isReal = kernel.kind === 'real';
  const supervision =
    isReal && config.supervisor ? await supervise(context, metrics, directory) : undefined;
  const actuator = await Actuator.open({
    kernel,
    store: isReal ? directory : new MemoryStore(),
    clock,
    bounds: { limitBytesMin: config.limit_bytes_min, limitBytesMax: config.limit_bytes_max },
    onRestored: ({ link, outcome, limitBytes, error }, reason) => {
      metrics.restores.inc({ link, reason, outcome });
      const level = outcome === 'restored' ? 'info' : 'warn';
      logger[level]({ link, outcome, limit_bytes: limitBytes, reason, err: error }, 'restore');
    },
  });
  const feed = new SampleFeed(config.subscriber_samples_max);
  const cadence = startCollecting(context, { kernel, actuator, feed, metrics });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [agentService({ kernel, actuator, feed, metrics })],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.reflection,
  }).catch(async (error) => {
    cadence.stop();
    await supervision?.stop();
    await directory.close();
    throw error;
  });
  const stop = async (deadlineMs: number) => {
    await actuator.stop();
    cadence.stop();
    feed.end();
    await grpcServer.drain(deadlineMs);
    await supervision?.stop();
    kernel.close();
    await directory.close();
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
  parts: { kernel: Kernel; actuator: Actuator; feed: SampleFeed; metrics: AgentMetrics },
): Cadence {
  const { kernel, actuator, feed, metrics } = parts;
  readiness.set('samples', false, 'the first interval is not over');
  let slowestMs = 0;
  const collector = new Collector({
    kernel,
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
  observeAgent(registry, { kernel, collector, actuator, feed });
  const cadence = new Cadence({
    clock,
    periodMs: config.poll_ms,
    onTick: ({ missed }) => {
      const startMs = clock.monotonicMs();
      if (missed > 0) metrics.pollsMissed.inc(missed);
      collector.tick();
      actuator.expire();
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - startMs);
    },
  });
  cadence.start();
  return cadence;
}

async function openPatiently(path: string): Promise<StateDirectory> {
  const until = performance.now() + LOCK_WAIT_MS;
  while (true) {
    try {
      return await StateDirectory.open(path);
    } catch (error) {
      const isHeld = error instanceof StateDirectoryError && error.code === 'LOCKED';
      if (!isHeld || performance.now() >= until) throw error;
      await delay(LOCK_RETRY_MS);
    }
  }
}
