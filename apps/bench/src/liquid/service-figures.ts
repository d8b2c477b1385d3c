import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts, type predictor } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import { energyMicrojoules, generatedPaths, scoredWindows } from '@levitate/models';
import { keepPausesShort } from '@levitate/service-kit';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { bucketsQuantile, bucketsSince, histogramBuckets } from '../prometheus-text.ts';
import { allNotMeasured } from '../report.ts';
import { freePorts, ServiceProcess } from '../service-process.ts';
import { type LoadReading, openLoop, quantileOf } from './open-loop.ts';
import type { ShippedLiquid } from './shipped-liquid.ts';

const KEYS = ['latency_p95_ms', 'cache_hit_p99_ms', 'error_rate'];
const RATE_PER_SECOND = 200;
const SECONDS = { full: 60, quick: 10 };
/** Compilation and the first windows cost what running does not. */
const WARMUP_SECONDS = 3;
/** Under the shipped energy budget, which holds a fraction of the rate. */
const BUDGET_SECONDS = { full: 20, quick: 5 };
/** So that the budget of the measured part refuses nothing. */
const BUDGET_HEADROOM = 1.5;
/** Windows asked again and again in the second part. */
const REPEATED = 100;
const HIT_HISTOGRAM = 'predictor_cache_hit_duration_seconds';

type Infer = Client<predictor.LiquidServiceMethods>;

/**
 * The service under 200 inferences a second by the whole ensemble, first of new windows, then of
 * known ones; and what is left of that under the shipped budget.
 */
export async function serviceFigures(
  context: BenchContext,
  shipped: ShippedLiquid | string,
): Promise<BenchFigures> {
  if (typeof shipped === 'string') return allNotMeasured(KEYS, shipped);
  const { signal, quick, progress } = context;
  // What this process collects between asking and hearing would count as the service's.
  keepPausesShort();
  const seconds = quick ? SECONDS.quick : SECONDS.full;
  const warmUp = RATE_PER_SECOND * WARMUP_SECONDS;
  const all = requestsOf(context.seed, warmUp + RATE_PER_SECOND * seconds);
  const requests = all.slice(warmUp);
  const { ensemble } = shipped;
  const macs = ensemble.members * ensemble.macsOfStep * 100;
  const modelled = energyMicrojoules(macs) * RATE_PER_SECOND;
  const budget = Math.ceil(BUDGET_HEADROOM * modelled);
  const { service, client, close } = await startLiquid(context, budget);
  try {
    const warm = await loadOf(client, all.slice(0, warmUp), context);
    progress(`liquid: ${RATE_PER_SECOND} new windows a second for ${seconds} s`);
    const fresh = await loadOf(client, requests, context);
    const before = histogramBuckets(await service.metricsText(signal), HIT_HISTOGRAM);
    progress(`liquid: ${RATE_PER_SECOND} known windows a second`);
    const known = Array.from(requests, (_, index) => requests.at(-1 - (index % REPEATED)) ?? []);
    const repeated = await loadOf(client, known.slice(0, known.length / 2), context);
    const text = await service.metricsText(signal);
    const hits = bucketsSince(before, histogramBuckets(text, HIT_HISTOGRAM));
    const hitSeconds = bucketsQuantile(hits, 0.99);
    const cpu = service.cpuSeconds();
    const shipped = await budgetFigures(context, requests);
    return figuresOf({ warm, fresh, repeated, hitSeconds, modelled, budget, cpu, shipped });
  } finally {
    await close();
  }
}

/** A predictor of liquid inference alone; without a budget as it is shipped. */
async function startLiquid({ signal }: BenchContext, budgetMicrowatts?: number) {
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const liquid =
    budgetMicrowatts === undefined ? {} : { energy_budget_microwatts: budgetMicrowatts };
  const config = { listen: address, capabilities: ['liquid'], liquid };
  const service = await ServiceProcess.start({ service: 'predictor', config, directory }, signal);
  const client = connect(contracts.liquid, { address, deadlineMs: 5_000 });
  const close = async () => {
    client.close();
    await service.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { service, client, close };
}

/** What the governor leaves of the same rate under the shipped budget. */
async function budgetFigures(context: BenchContext, requests: readonly Steps[]) {
  const seconds = context.quick ? BUDGET_SECONDS.quick : BUDGET_SECONDS.full;
  context.progress(`liquid: the same under the shipped energy budget for ${seconds} s`);
  const { client, close } = await startLiquid(context);
  let microjoules = 0;
  try {
    const asked = requests.slice(0, RATE_PER_SECOND * seconds);
    const read = await loadOf(client, asked, context, (spent) => {
      microjoules += spent;
    });
    return {
      asked_per_second: RATE_PER_SECOND,
      answered_per_second: (read.sent - read.errors) / seconds,
      members: read.members,
      modelled_uw: microjoules / seconds,
      first_refusal: read.firstError,
    };
  } finally {
    await close();
  }
}

/** Turn the readings into the keys of the bench. Pure. */
export function figuresOf(readings: {
  warm: LoadReading;
  fresh: LoadReading;
  repeated: LoadReading;
  hitSeconds: number | undefined;
  modelled: number;
  budget: number;
  cpu: number;
  shipped: Readonly<Record<string, unknown>>;
}): BenchFigures {
  const { warm, fresh, repeated, hitSeconds, modelled, budget, cpu, shipped } = readings;
  const sent = fresh.sent + repeated.sent;
  const ms = (q: number) => quantileOf(fresh.latenciesMs, q) ?? Number.NaN;
  const metrics: Record<string, number> = {
    latency_p95_ms: ms(0.95),
    error_rate: (fresh.errors + repeated.errors) / Math.max(1, sent),
  };
  const notMeasured: Record<string, string> = {};
  if (hitSeconds === undefined) notMeasured.cache_hit_p99_ms = 'the service counted no cache hit';
  else metrics.cache_hit_p99_ms = 1000 * hitSeconds;
  return {
    metrics,
    baseline: {
      service: {
        sent,
        errors: fresh.errors + repeated.errors,
        first_error: fresh.firstError || repeated.firstError,
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
        first_3_s_p95_ms: quantileOf(warm.latenciesMs, 0.95),
        cached_p50_ms_over_grpc: quantileOf(repeated.latenciesMs, 0.5),
        cached_p95_ms_over_grpc: quantileOf(repeated.latenciesMs, 0.95),
        cached_p99_ms_over_grpc: quantileOf(repeated.latenciesMs, 0.99),
        cpu_seconds: cpu,
      },
      under_shipped_budget: shipped,
    },
    environment: {
      liquid_rate_per_second: RATE_PER_SECOND,
      liquid_client: 'its young objects kept within a megabyte, as in the service',
      energy_modelled_uw_whole_ensemble: modelled,
      energy_budget_uw: budget,
      members_that_answered: fresh.members,
      cache_hit: 'in the service, from the decoded request to the answer; over gRPC beside it',
    },
    notMeasured,
  };
}

type Steps = { elapsedSeconds: number; values: number[] }[];

/** So many different windows of a hundred seconds each. */
function requestsOf(seed: number, count: number): Steps[] {
  const seconds = 1500;
  const perPath = seconds - 109;
  const paths = Math.ceil(count / perPath);
  const series = generatedPaths({ seed: `bench/liquid-load/${seed}`, count: paths, seconds });
  return series
    .flatMap((one) => scoredWindows(one))
    .slice(0, count)
    .map(({ window: { elapsedSeconds, values } }) => {
      const width = values.length / elapsedSeconds.length;
      return Array.from(elapsedSeconds, (elapsed, t) => ({
        elapsedSeconds: elapsed,
        values: [...values.subarray(t * width, (t + 1) * width)],
      }));
    });
}

function loadOf(
  client: Infer,
  requests: readonly Steps[],
  { signal }: BenchContext,
  onEnergy?: (microjoules: number) => void,
): Promise<LoadReading> {
  return openLoop({
    count: requests.length,
    ratePerSecond: RATE_PER_SECOND,
    signal,
    async send(index) {
      const windows = [{ steps: requests[index] ?? [] }];
      const made = await client.inferLiquid({ model: '', windows });
      const { answers, members } = made;
      onEnergy?.(made.modelledEnergyMicrojoules ?? 0);
      const [answer] = answers;
      const isSound = answer?.values.length === 10 && answer.values.every(Number.isFinite);
      if (!isSound) throw new Error('an answer without ten finite numbers');
      return members;
    },
  });
}
