import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts, type predictor } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import type { BenchFigures } from '../bench.ts';
import { callFloor, measureHealthCalls } from '../call-floor.ts';
import { openLoop } from '../liquid/open-loop.ts';
import { freePorts, ServiceProcess } from '../service-process.ts';
import { quantile } from './forecast-cost.ts';
import { startPushLoadProcess } from './push-load-process.ts';

const LINKS = 50;
const CALLS_PER_SECOND = 100;
/** Longest wait until the predictor has heard of the links. */
const WARM_UP_MS = 20_000;

/**
 * Forecasts asked for over gRPC from the real service, telemetry beside it with 50 links at 10 Hz,
 * every link forecast once a second. Calls are due on a grid of their own and wait for no other.
 */
export async function measureServedLatency(context: {
  quick: boolean;
  signal: AbortSignal;
  progress: (line: string) => void;
}): Promise<BenchFigures> {
  const { quick, signal } = context;
  context.progress('forecasts over gRPC');
  const directory = mkdtempSync(join(tmpdir(), 'levitate-burst-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const addresses = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
    const [telemetry = '', address = ''] = addresses;
    const source = await ServiceProcess.start(
      { service: 'telemetry', directory, config: { listen: telemetry, agents: [] } },
      signal,
    );
    closing.push(() => source.stop());
    const config = {
      listen: address,
      forecast_interval_ms: 1000,
      windows: { telemetry_address: telemetry },
    };
    const service = await ServiceProcess.start({ service: 'predictor', directory, config }, signal);
    closing.push(() => service.stop());
    const pushed = { address: telemetry, links: LINKS, seed: 'burst latency' };
    closing.push(await startPushLoadProcess(pushed));
    const client = connect(contracts.predictor, { address, deadlineMs: 5_000 });
    closing.push(() => client.close());
    const links = await linksOf(client, signal);
    return await latencyFigures({
      client,
      links,
      telemetry,
      service,
      seconds: quick ? 5 : 20,
      signal,
    });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

type PredictorClient = Client<predictor.PredictorServiceMethods>;

/** Half of the floor is measured before the forecasts, half after. */
async function latencyFigures(of: {
  client: PredictorClient;
  links: readonly string[];
  telemetry: string;
  service: ServiceProcess;
  seconds: number;
  signal: AbortSignal;
}): Promise<BenchFigures> {
  const { client, links, telemetry, service, seconds, signal } = of;
  const rate = { ratePerSecond: CALLS_PER_SECOND, signal };
  const floorLoad = { ...rate, address: telemetry, seconds: seconds / 2 };
  const floor = [await measureHealthCalls(floorLoad)];
  const before = service.cpuSeconds();
  const reading = await openLoop({
    ...rate,
    count: seconds * CALLS_PER_SECOND,
    async send(index) {
      await client.getForecast({ link: links[index % links.length] ?? '' });
      return 1;
    },
  });
  const cpu = (service.cpuSeconds() - before) / seconds;
  if (reading.errors > 0) throw new Error(`a forecast failed: ${reading.firstError}`);
  floor.push(await measureHealthCalls(floorLoad));
  const times = reading.latenciesMs;
  return {
    metrics: { latency_p99_ms: quantile(times, 0.99) },
    baseline: {
      latency_p50_ms: quantile(times, 0.5),
      latency_p95_ms: quantile(times, 0.95),
      latency_calls: times.length,
      latency_floor: callFloor('health of the telemetry, same rate, before and after', floor),
      predictor_process_cpu: cpu,
    },
    environment: { latency_client: 'asks and does nothing else; the load is a process apart' },
    notMeasured: {},
  };
}

async function linksOf(client: PredictorClient, signal: AbortSignal): Promise<string[]> {
  const deadline = performance.now() + WARM_UP_MS;
  for (;;) {
    signal.throwIfAborted();
    const { links } = await client.listForecasters({});
    const names = links.map(({ link }) => link);
    // A link is known before the next tick forecasts it.
    const isForecast = await Promise.all(
      names.map((link) => client.getForecast({ link }).then(Boolean, () => false)),
    );
    if (names.length >= LINKS && isForecast.every(Boolean)) return names;
    if (performance.now() > deadline) throw new Error(`the predictor knows ${links.length} links`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
