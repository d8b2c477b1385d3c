import { contracts, type ebpfAgent, type telemetry } from '@levitate/contracts';
import {
  BoundedStream,
  type Client,
  connect,
  type GrpcServer,
  serve,
  startGrpcServer,
} from '@levitate/grpc-kit';
import { parseConfig, Readiness, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { afterEach } from 'vitest';
import { telemetrySchema } from '../config.ts';
import { startTelemetry } from '../service.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Runs when the test is over, last added first. */
export function afterTest(clean: () => unknown): void {
  cleanups.push(clean);
}

/** A telemetry on free ports with its registry and readiness at hand, stopped after the test. */
export async function startForTest(settings: Record<string, unknown> = {}) {
  const given = { listen: '127.0.0.1:0', agents: [], ...settings };
  const parsed = parseConfig({
    service: 'telemetry',
    schema: telemetrySchema,
    file: { name: 'test.yaml', text: JSON.stringify(given) },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const registry = new Registry();
  const readiness = new Readiness();
  const stopping = new AbortController();
  const warnings: string[] = [];
  const running = await startTelemetry({
    config: parsed.config,
    logger: loggerInto(warnings),
    registry,
    readiness,
    clock: systemClock,
    signal: stopping.signal,
  });
  const { address } = running.grpcServer;
  const client: Client<telemetry.TelemetryServiceMethods> = connect(contracts.telemetry, {
    address,
  });
  afterTest(() => running.drain(0));
  afterTest(() => client.close());
  return { address, client, registry, readiness, running, warnings };
}

/** The value of one series of the registry; `undefined` where there is no such line. */
export async function metricOf(registry: Registry, series: string): Promise<number | undefined> {
  const lines = (await registry.metrics()).split('\n');
  const line = lines.find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** An agent that streams what it is told to; it can go away and come back at its address. */
export async function startAgentForTest() {
  let streams: BoundedStream<ebpfAgent.StreamSamplesResponseInit>[] = [];
  const start = (port: number): Promise<GrpcServer> =>
    startGrpcServer({
      listen: `127.0.0.1:${port}`,
      services: [serve(contracts.ebpfAgent, handlers)],
    });
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  const handlers = {
    async *streamSamples(
      _request: unknown,
      { signal }: { signal: AbortSignal },
    ): AsyncGenerator<ebpfAgent.StreamSamplesResponseInit> {
      const stream = new BoundedStream<ebpfAgent.StreamSamplesResponseInit>({
        capacity: 1000,
        signal,
      });
      streams.push(stream);
      for await (const { items } of stream) yield* items;
    },
    listLinks: unused,
    acquireLease: unused,
    renewLease: unused,
    renewLeases: unused,
    releaseLease: unused,
    setQueueLimit: unused,
    setQueueLimits: unused,
    restore: unused,
    getCapabilities: unused,
    listPrograms: unused,
    streamMicrobursts: async function* () {},
  };
  let server = await start(0);
  const { port, address } = server;
  afterTest(() => server.drain(0));
  return {
    address,
    get readers() {
      return streams.filter(({ isOpen }) => isOpen).length;
    },
    send(message: ebpfAgent.StreamSamplesResponseInit) {
      for (const stream of streams) stream.push(message);
    },
    async down() {
      await server.drain(0);
      streams = [];
    },
    async up() {
      server = await start(port);
    },
  };
}

function loggerInto(warnings: string[]) {
  const warn = (details: object, message?: string): void => {
    warnings.push(`${message ?? ''} ${JSON.stringify(details)}`);
  };
  const silent = (): void => {};
  return { info: silent, warn, error: warn, debug: silent, trace: silent, fatal: warn } as never;
}
