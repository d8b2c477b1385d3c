import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../bench.ts';
import { metricSum } from '../prometheus-text.ts';
import { cpuSecondsOf, freePorts, ServiceProcess } from '../service-process.ts';
import { AgentLoad } from './agent-load.ts';
import { type Pinning, pinnedTo } from './core-pinning.ts';
import { LINKS_PER_HOST } from './host-load.ts';
import type { Load, LoadCounts } from './load.ts';
import { type LoadStages, RunWaits, stageCounts, stagesBetween } from './load-stages.ts';
import { PushLoad } from './push-load.ts';
import { ReaderProcess } from './reader-process.ts';
import { RedisProcess } from './redis-process.ts';
import { unixMs } from './window-reader.ts';

/** How samples come: by streams of agents that telemetry follows, or by a call a message. */
export type Way = 'agents' | 'push';

/** What a minute of load at one number of links was like. */
export interface LoadReading {
  links: number;
  way: Way;
  /** Measured, warming up apart. */
  seconds: number;
  /** From the first sample on, warming up included. */
  load: LoadCounts;
  received: number;
  /** The reader was told that it lost them. */
  told: number;
  /** Samples that telemetry says Redis never got. */
  redisLost: number;
  /** End of a sample's interval to its being in the reader's window, milliseconds. */
  latencyMs: { p50: number; p99: number; max: number };
  /** Cores. */
  cpu: { telemetry: number; redis: number; reader: number; bench: number };
  stages: LoadStages & { readerPauses: number };
  residentBytes: number;
}

/** What a load over which Redis was killed for a while was like. */
export interface OutageReading extends Omit<LoadReading, 'latencyMs' | 'cpu' | 'stages'> {
  outageSeconds: number;
  /** Most samples that waited. */
  pendingMax: number;
  /** Bound of what may wait, as the service says it. */
  residentBytesMax: number;
  /** From Redis being back to nothing waiting but what comes. */
  catchUpSeconds: number;
}

/** What a run left to be turned into figures. */
export interface TelemetryReadings {
  loads: LoadReading[];
  /** The bar's links by calls. */
  pushed: LoadReading;
  outage: OutageReading;
  environment: Record<string, unknown>;
}

const LINKS = 1000;
/** The bar first; then more until they do not hold, or fewer until they do. */
const MORE = [1500, 2000, 3000, 4000];
const FEWER = [750, 500, 250, 100];
const WARMUP_MS = 10_000;
const WARMUP_QUICK_MS = 3_000;
/** From asking telemetry for its metrics to the work of that being over. */
const SETTLE_MS = 1_000;
const MEASURED_MS = 60_000;
const MEASURED_QUICK_MS = 8_000;
const OUTAGE_MS = 30_000;
const OUTAGE_QUICK_MS = 5_000;
/** The service may take so long to write what waited, and the reader to read it. */
const CATCH_UP_MS = 120_000;
/** Fewer than this waiting are on their way, not left over. */
const PENDING_FEW = 1_000;

/** Whether a load holds: nothing lost on any way, and the bar of the latency met. */
export function holds({ load, received, latencyMs }: LoadReading, p99MsMax: number): boolean {
  return load.failed === 0 && received === load.sent && latencyMs.p99 <= p99MsMax;
}

/** Runs every load and the outage; all processes are gone when it returns or throws. */
export async function runTelemetry(
  context: BenchContext,
  { pinning, p99MsMax }: { pinning: Pinning; p99MsMax: number },
): Promise<TelemetryReadings> {
  return await pinnedTo(pinning.others, async () => {
    const shared = { context, pinning };
    const loads = [await runLoad({ ...shared, links: LINKS, way: 'agents' })];
    const isHeld = () => holds(loads.at(-1) as LoadReading, p99MsMax);
    const up = isHeld();
    for (const links of context.quick ? [] : up ? MORE : FEWER) {
      if (up !== isHeld()) break;
      loads.push(await runLoad({ ...shared, links, way: 'agents' }));
    }
    const pushed = await runLoad({ ...shared, links: LINKS, way: 'push' });
    const outage = await runOutage({ ...shared, links: LINKS, way: 'agents' });
    const environment = {
      service_processor: pinning.service,
      others_processor: pinning.others,
      links_per_host: LINKS_PER_HOST,
      hosts: 'agents that telemetry follows; `push` by a call for every message',
      reader: 'a process that follows all windows in Redis; it, the hosts and Redis share a core',
      redis_persistence: 'none',
    };
    return { loads, pushed, outage, environment };
  });
}

interface Cell {
  context: BenchContext;
  pinning: Pinning;
  links: number;
  way: Way;
}

async function runLoad(cell: Cell): Promise<LoadReading> {
  const { links, way } = cell;
  const { quick, signal, progress } = cell.context;
  return await withService(cell, async (parts) => {
    const { load, reader, redis, service } = parts;
    await sleep(quick ? WARMUP_QUICK_MS : WARMUP_MS, undefined, { signal });
    const countsBefore = stageCounts(await service.metricsText(signal));
    await sleep(SETTLE_MS, undefined, { signal });
    await reader.forgetLatencies();
    load.forgetLateness();
    const before = cpuOf(parts);
    const { pid: bench } = process;
    const waits = new RunWaits({
      telemetry: service.pid,
      redis: redis.pid,
      reader: reader.pid,
      bench,
    });
    const startMs = performance.now();
    await sleep(quick ? MEASURED_QUICK_MS : MEASURED_MS, undefined, { signal });
    const seconds = (performance.now() - startMs) / 1000;
    const after = cpuOf(parts);
    const { shares } = waits;
    const { latencyMs, pauses: readerPauses } = await reader.counts();
    const countsAfter = stageCounts(await service.metricsText(signal));
    await load.stop();
    const rest = await whatIsLeft(parts, signal);
    const reading: LoadReading = {
      links,
      way,
      seconds,
      ...rest,
      latencyMs,
      stages: { ...stagesBetween(countsBefore, countsAfter), ...shares, readerPauses },
      cpu: {
        telemetry: (after.telemetry - before.telemetry) / seconds,
        redis: (after.redis - before.redis) / seconds,
        reader: (after.reader - before.reader) / seconds,
        bench: (after.bench - before.bench) / seconds,
      },
    };
    const { p50, p99 } = latencyMs;
    progress(
      `telemetry: ${links} links by ${way}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ` +
        `${reading.load.sent - reading.received} of ${reading.load.sent} lost, ` +
        `${reading.cpu.telemetry.toFixed(2)} cores`,
    );
    return reading;
  });
}

async function runOutage(cell: Cell): Promise<OutageReading> {
  const { links, way } = cell;
  const { quick, signal, progress } = cell.context;
  return await withService(cell, async (parts) => {
    const { load, redis, service } = parts;
    await sleep(quick ? WARMUP_QUICK_MS : WARMUP_MS, undefined, { signal });
    const outageMs = quick ? OUTAGE_QUICK_MS : OUTAGE_MS;
    progress(`telemetry: Redis is killed for ${outageMs / 1000} s`);
    await redis.kill();
    await sleep(outageMs, undefined, { signal });
    const pendingMax = await pendingOf(service, signal);
    let residentBytesMax = service.residentBytes();
    const startMs = performance.now();
    await redis.start();
    let pending = pendingMax;
    while (pending > PENDING_FEW && performance.now() - startMs < CATCH_UP_MS) {
      await sleep(250, undefined, { signal });
      pending = await pendingOf(service, signal);
      residentBytesMax = Math.max(residentBytesMax, service.residentBytes());
    }
    const catchUpSeconds = (performance.now() - startMs) / 1000;
    await load.stop();
    const rest = await whatIsLeft(parts, signal);
    progress(
      `telemetry: ${rest.load.sent - rest.received} of ${rest.load.sent} lost in the outage`,
    );
    return {
      links,
      way,
      seconds: (performance.now() - startMs) / 1000,
      outageSeconds: outageMs / 1000,
      pendingMax,
      residentBytesMax,
      catchUpSeconds,
      ...rest,
    };
  });
}

interface Parts {
  load: Load;
  reader: ReaderProcess;
  service: ServiceProcess;
  redis: RedisProcess;
}

/** A Redis, a telemetry alone on its processor, a reader, and hosts that push. */
async function withService<Result>(
  { context, pinning, links, way }: Cell,
  run: (parts: Parts) => Promise<Result>,
): Promise<Result> {
  const { signal, seed } = context;
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const redis = new RedisProcess(directory, pinning.others);
  const closing: (() => Promise<unknown>)[] = [() => redis.kill()];
  try {
    await redis.start();
    const processor = pinning.others;
    const reader = await ReaderProcess.open({ url: redis.url, linksMax: links, processor });
    closing.push(() => reader.close());
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const hosts = { links, seed: `telemetry-${seed}-${links}`, unixMs };
    const agents = way === 'agents' ? await AgentLoad.open(hosts) : undefined;
    const load = agents ?? new PushLoad({ ...hosts, address });
    closing.push(() => load.close());
    // Telemetry is ready when its agents deliver.
    agents?.start();
    const service = await ServiceProcess.start(
      {
        service: 'telemetry',
        directory,
        processor: pinning.service,
        config: {
          listen: address,
          agents: agents?.addresses ?? [],
          windows: { store: 'redis', redis: { url: redis.url } },
          limits: { links_max: Math.max(LINKS, links) },
        },
      },
      signal,
    );
    closing.push(() => service.stop());
    context.progress(`telemetry: ${links} links at 10 Hz by ${way}`);
    if (agents === undefined) load.start();
    return await run({ load, reader, service, redis });
  } finally {
    for (const close of closing.reverse()) await close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gives the last samples their time, then counts. */
async function whatIsLeft({ load, reader, service }: Parts, signal: AbortSignal) {
  const endMs = performance.now() + 10_000;
  let { received, lost: told } = await reader.counts();
  while (received + told + load.counts.failed < load.counts.sent && performance.now() < endMs) {
    await sleep(50, undefined, { signal });
    ({ received, lost: told } = await reader.counts());
  }
  const text = await service.metricsText(signal);
  const redisLost = metricSum(text, 'levitate_telemetry_redis_lost_samples_total') ?? 0;
  return { load: load.counts, received, told, redisLost, residentBytes: service.residentBytes() };
}

async function pendingOf(service: ServiceProcess, signal: AbortSignal): Promise<number> {
  const text = await service.metricsText(signal);
  return metricSum(text, 'levitate_telemetry_redis_pending_samples') ?? 0;
}

/** Processor time so far, seconds. */
function cpuOf({ service, redis, reader }: Pick<Parts, 'service' | 'redis' | 'reader'>) {
  const { user, system } = process.cpuUsage();
  return {
    telemetry: service.cpuSeconds(),
    redis: cpuSecondsOf(redis.pid),
    reader: cpuSecondsOf(reader.pid),
    bench: (user + system) / 1e6,
  };
}
