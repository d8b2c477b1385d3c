import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts, type predictor } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import type { BenchFigures } from '../bench.ts';
import { freePorts, ServiceProcess } from '../service-process.ts';
import { PushLoad } from '../telemetry/push-load.ts';
import { quantile } from './forecast-cost.ts';

const LINKS = 50;
const CALLS_PER_SECOND = 100;
/** Longest wait until the predictor has heard of the links. */
const WARM_UP_MS = 20_000;

/**
 * Forecasts asked for over gRPC from the real service, telemetry beside it with 50 links at 10 Hz,
 * every link forecast once a second. Calls start on a grid of their own and wait for no other.
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
    const load = new PushLoad({
      address: telemetry,
      links: LINKS,
      seed: 'burst latency',
      unixMs: () => Date.now(),
    });
    closing.push(() => load.close());
    load.start();
    const client = connect(contracts.predictor, { address, deadlineMs: 5_000 });
    closing.push(() => client.close());
    const links = await linksOf(client, signal);
    const before = service.cpuSeconds();
    const seconds = quick ? 5 : 20;
    const times = await callsOf({ client, links, seconds, signal });
    const cpu = (service.cpuSeconds() - before) / seconds;
    return {
      metrics: { latency_p99_ms: quantile(times, 0.99) },
      baseline: {
        latency_p50_ms: quantile(times, 0.5),
        latency_calls: times.length,
        predictor_process_cpu: cpu,
      },
      environment: {},
      notMeasured: {},
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

type PredictorClient = Client<predictor.PredictorServiceMethods>;

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

async function callsOf(options: {
  client: PredictorClient;
  links: readonly string[];
  seconds: number;
  signal: AbortSignal;
}): Promise<number[]> {
  const { client, links, seconds, signal } = options;
  const count = seconds * CALLS_PER_SECOND;
  const started = performance.now();
  const calls: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted();
    const dueMs = started + (index * 1000) / CALLS_PER_SECOND;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const sentMs = performance.now();
    const link = links[index % links.length] ?? '';
    const answered = client.getForecast({ link }).then(() => performance.now() - sentMs);
    // Awaited after the last call has left: until then a failure must not end the process.
    answered.catch(() => {});
    calls.push(answered);
  }
  return await Promise.all(calls);
}
