import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { contracts, type predictor, type telemetry } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import { keepPausesShort } from '@levitate/service-kit';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { callFloor, measureHealthCalls } from '../call-floor.ts';
import { openLoop, quantileOf } from '../liquid/open-loop.ts';
import { freePorts, ServiceProcess } from '../service-process.ts';

/** Forecasts a second, each of a window not asked before. */
const RATE_PER_SECOND = 50;
const SECONDS = { full: 30, quick: 5 };
/** For each part of the floor, and for what the cache answers. */
const ASIDE_SECONDS = { full: 8, quick: 2 };
/** Compilation and the first windows cost what running does not. */
const WARMUP_SECONDS = 3;
const WINDOW_SECONDS = 100;
const START_UNIX_MS = 1_700_000_000_000;

/** Time from asking the running service for a forecast of a new window to having it. */
export async function measureLatency(context: BenchContext): Promise<BenchFigures> {
  const { signal, quick, progress } = context;
  // What this process collects between asking and hearing would count as the service's.
  keepPausesShort();
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  const [telemetry = '', address = ''] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
  const start = async (service: 'telemetry' | 'predictor', config: Record<string, unknown>) => {
    const started = await ServiceProcess.start({ service, config, directory }, signal);
    closing.push(() => started.stop());
  };
  try {
    // The predictor is ready once it can follow the paths of a telemetry.
    await start('telemetry', { listen: telemetry, agents: [] });
    const windows = { telemetry_address: telemetry };
    const capabilities = ['burst', 'bandwidth'];
    await start('predictor', { listen: address, capabilities, windows });
    const client = connect(contracts.bandwidth, { address, deadlineMs: 5_000 });
    closing.push(() => client.close());
    const seconds = quick ? SECONDS.quick : SECONDS.full;
    progress(`bandwidth: ${RATE_PER_SECOND} forecasts a second for ${seconds} s`);
    await load(client, { context, part: 'warm up', seconds: WARMUP_SECONDS });
    // Half of the floor before what is measured and half after it: the machine varies.
    const aside = quick ? ASIDE_SECONDS.quick : ASIDE_SECONDS.full;
    const floorLoad = { address, ratePerSecond: RATE_PER_SECOND, seconds: aside, signal };
    const floor = [await measureHealthCalls(floorLoad)];
    const measured = await load(client, { context, part: 'measured', seconds });
    floor.push(await measureHealthCalls(floorLoad));
    const cached = await load(client, { context, part: 'cached', seconds: aside });
    return latencyFigures({ ...measured, floor, cachedMs: cached.latenciesMs });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Turn what came back into the key of the bench. Pure. */
export function latencyFigures(read: {
  latenciesMs: readonly number[];
  errors: number;
  firstError: string;
  models: Readonly<Record<string, number>>;
  /** Calls that ask nothing of the service, at the same rate. */
  floor: readonly (readonly number[])[];
  /** Calls with one and the same window, which the cache answers. */
  cachedMs: readonly number[];
}): BenchFigures {
  const { latenciesMs, errors, firstError, models, floor, cachedMs } = read;
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const ms = (q: number) => quantileOf(latenciesMs, q);
  figures.baseline.service = { p50_ms: ms(0.5), p95_ms: ms(0.95), errors, answers_by: models };
  figures.baseline.latency_floor = callFloor('health of the predictor, same rate', floor);
  figures.baseline.latency_cached = callFloor('one window again and again', [cachedMs]);
  figures.environment.latency_over = 'gRPC, one window of 100 s a request, none asked twice';
  figures.environment.latency_client =
    'its young objects kept within a megabyte, as in the service';
  figures.environment.latency_rate_per_second = RATE_PER_SECOND;
  const p99 = ms(0.99);
  const isLearned = Object.keys(models).every((model) => model.startsWith('bandwidth@'));
  if (p99 === undefined) figures.notMeasured.latency_p99_ms = `no answer came: ${firstError}`;
  else if (!isLearned) figures.notMeasured.latency_p99_ms = 'baselines answered, not the model';
  else figures.metrics.latency_p99_ms = p99;
  return figures;
}

type Samples = telemetry.PathSampleInit[];

async function load(
  client: Client<predictor.BandwidthServiceMethods>,
  {
    context,
    part,
    seconds,
  }: { context: BenchContext; part: 'warm up' | 'measured' | 'cached'; seconds: number },
) {
  const count = RATE_PER_SECOND * seconds;
  const random = new SeededRandom(context.seed).fork(`bandwidth-latency/${part}`);
  const isOne = part === 'cached';
  const windows = Array.from({ length: isOne ? 1 : count }, () => samplesOf(random));
  const models: Record<string, number> = {};
  const reading = await openLoop({
    count,
    ratePerSecond: RATE_PER_SECOND,
    signal: context.signal,
    async send(index) {
      const asked = { windows: [{ samples: windows[index % windows.length] ?? [] }] };
      const { forecasts } = await client.forecastBandwidth(asked, { signal: context.signal });
      const model = forecasts[0]?.model ?? 'none';
      models[model] = (models[model] ?? 0) + 1;
      return 1;
    },
  });
  return { ...reading, models };
}

/** A path whose bandwidth wanders: what it is does not change what a forecast of it takes. */
function samplesOf(random: SeededRandom): Samples {
  let rate = random.logUniform(1e5, 1e8);
  return Array.from({ length: WINDOW_SECONDS }, (_, second): telemetry.PathSampleInit => {
    rate *= Math.exp(random.normal(0, 0.2));
    return {
      path: 'bench',
      timeUnixMs: START_UNIX_MS + 1000 * second,
      intervalMs: 1000,
      bandwidthBytesPerSecond: rate,
      roundTripSeconds: 0.05,
    };
  });
}
