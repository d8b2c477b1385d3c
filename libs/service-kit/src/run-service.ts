import type { Clock } from '@levitate/clock';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { faultLine } from './config-fault.ts';
import { configText, helpText } from './config-text.ts';
import { type Configurable, loadConfig, type ProcessInput } from './load-config.ts';
import type { Logger } from './logger.ts';
import type { OpsServer } from './ops-server.ts';
import type { ConfigSchema } from './parse-config.ts';
import { Readiness } from './readiness.ts';
import type { CommonConfig } from './service-keys.ts';
import { keepYoungObjectsYoung } from './steady-heap.ts';
import { systemClock } from './system-clock.ts';

/** A service: how it is configured and how it starts. */
export interface ServiceDefinition<Schema extends ConfigSchema> extends Configurable<Schema> {
  /** One sentence for `--help`. */
  readonly description: string;
  /**
   * Whether the kit serves the operations routes on `ops_listen` (default), or the service does so
   * itself with `registerOps`.
   */
  readonly ops?: 'kit' | 'own';
  /**
   * Starts the service. Import what is heavy in here (`await import('./service.ts')`), so that a
   * faulty configuration is told in well under a second.
   */
  readonly start: (context: ServiceContext<z.output<Schema>>) => Promise<RunningService>;
}

/** What a service is given. */
export interface ServiceContext<Config> {
  /** Frozen. */
  readonly config: Config;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly readiness: Readiness;
  /** Aborted when the service is told to stop. */
  readonly signal: AbortSignal;
}

/** A service that runs. */
export interface RunningService {
  /** Finishes calls in flight within `deadlineMs`, then frees everything. */
  drain(deadlineMs: number): Promise<void>;
  /** `host:port` it serves on, when that is not gRPC; announced in place of the configured one. */
  readonly address?: string;
  /** Its health follows readiness, and its address is announced; grpc-kit's server fits. */
  readonly grpcServer?: {
    readonly address: string;
    setServing(fullName: string, isServing: boolean): void;
  };
}

/** Exit codes of a service. */
export const exitCodes = { stopped: 0, failed: 1, configuration: 2, addressInUse: 3 } as const;

/**
 * Runs a service until it is told to stop: configuration, logger, metrics, operations routes,
 * start, readiness, and on SIGTERM or SIGINT (or when a parent that holds an IPC channel is gone)
 * not ready at once, drain within `grace_period_ms`, exit 0; a second signal exits 1.
 * To a parent with an IPC channel it sends `{ ready: true, listen, ops_listen }`.
 */
export async function runService<Schema extends ConfigSchema>(
  definition: ServiceDefinition<Schema>,
  input: ProcessInput,
): Promise<void> {
  keepYoungObjectsYoung();
  const loaded = await loadConfig(definition, input);
  if (loaded.mode === 'help') {
    process.stdout.write(`${helpText(definition)}\n`);
    return;
  }
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`${faultLine(fault)}\n`);
    process.exitCode = exitCodes.configuration;
    return;
  }
  if (loaded.mode === 'print-config') {
    process.stdout.write(`${configText(definition.schema, loaded.config, loaded.origins)}\n`);
    return;
  }
  if (loaded.mode === 'check-config') {
    process.stdout.write(`${definition.service}: configuration is sound\n`);
    return;
  }
  await runUntilStopped(definition, loaded.config as z.output<Schema> & CommonConfig);
}

async function runUntilStopped<Schema extends ConfigSchema>(
  definition: ServiceDefinition<Schema>,
  config: z.output<Schema> & CommonConfig,
): Promise<void> {
  const [{ createLogger }, { collectDefaultMetrics, Registry }, { startOpsServer }] =
    await Promise.all([import('./logger.ts'), import('prom-client'), import('./ops-server.ts')]);
  const logger = createLogger({ service: definition.service, level: config.log_level });
  const registry = new Registry();
  // The default, 10 ms, wakes an idle process a hundred times a second: 1 % of a core.
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: 200,
    gcDurationBuckets: [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 1],
  });
  const readiness = new Readiness();
  readiness.set('service', false, 'starting');
  const stopping = new AbortController();
  const told = untilTold(logger, () => stopping.abort());
  let ops: OpsServer | undefined;
  let running: RunningService;
  try {
    if (definition.ops !== 'own') {
      ops = await startOpsServer(config.ops_listen, { registry, readiness });
    }
    const { signal } = stopping;
    running = await definition.start({
      config,
      logger,
      registry,
      clock: systemClock,
      readiness,
      signal,
    });
  } catch (error) {
    failStart(logger, error, config);
    return;
  }
  const { grpcServer } = running;
  if (grpcServer) readiness.watch((isReady) => grpcServer.setServing('', isReady));
  readiness.set('service', true);
  const listen = grpcServer?.address ?? running.address ?? config.listen;
  const ops_listen = ops?.address ?? config.ops_listen;
  logger.info({ listen, ops_listen, preset: config.preset }, 'started');
  process.send?.({ ready: true, listen, ops_listen });

  logger.info({ reason: await told }, 'stopping');
  readiness.stop();
  const force = setTimeout(() => {
    logger.error({ grace_period_ms: config.grace_period_ms }, 'did not stop in time');
    process.exit(exitCodes.failed);
  }, config.grace_period_ms + 1_000);
  force.unref();
  try {
    await running.drain(config.grace_period_ms);
    await ops?.close();
    logger.info('stopped');
    process.exit(exitCodes.stopped);
  } catch (error) {
    logger.error({ err: error }, 'failed while stopping');
    process.exit(exitCodes.failed);
  }
}

/** Resolves with why at the first signal to stop; the second one exits. */
function untilTold(logger: Logger, onTold: () => void): Promise<string> {
  const crash = (error: unknown) => {
    logger.fatal({ err: error }, 'crashed');
    process.exit(exitCodes.failed);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  return new Promise((resolve) => {
    let isTold = false;
    const tell = (reason: string) => {
      if (isTold) process.exit(exitCodes.failed);
      isTold = true;
      onTold();
      resolve(reason);
    };
    process.on('SIGTERM', () => tell('SIGTERM'));
    process.on('SIGINT', () => tell('SIGINT'));
    // Whoever started us with a channel (`levitate dev`) is gone: nobody would ever stop us.
    if (process.send) process.once('disconnect', () => isTold || tell('parent gone'));
  });
}

/** What, why, next step. */
function failStart(logger: Logger, error: unknown, config: CommonConfig): never {
  const { code, message, nextStep, address, port } = error as {
    code?: string;
    message?: string;
    nextStep?: string;
    address?: string;
    port?: number;
  };
  const isTaken = code === 'PORT_IN_USE' || code === 'EADDRINUSE';
  const opsStep = `stop that process (ss -ltnp names it) or give --ops-listen or --listen`;
  const step = nextStep ?? (code === 'EADDRINUSE' ? opsStep : undefined);
  logger.fatal({ err: error, nextStep: step }, 'did not start');
  const what =
    code === 'EADDRINUSE' ? `cannot listen on ${address}:${port}: another process has it` : message;
  process.stderr.write(`did not start: ${what}${step && !nextStep ? `; ${step}` : ''}\n`);
  void config;
  process.exit(isTaken ? exitCodes.addressInUse : exitCodes.failed);
}
