import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelError } from '@levitate/kernel';
import {
  createLab,
  type KernelLab,
  planSource,
  removeStaleLabs,
  startTraffic,
  type TrafficReport,
} from '@levitate/kernel-lab';
import { planTraffic } from '@levitate/traffic';
import type { BenchContext } from '../bench.ts';
import { type LaneServices, startLaneServices } from '../levitation/kernel-lanes-services.ts';
import { metricSum } from '../prometheus-text.ts';
import { measureProgramCosts, type ProgramCosts } from './program-costs.ts';

/** What every service and the controller's metrics said at one moment. */
export interface OverheadReading {
  /** By service; the agent with its supervisor. */
  cpuSeconds: Record<string, number>;
  /** The controller's metrics as text. */
  metrics: string;
}

/** What a run left to be turned into figures. */
export interface OverheadReadings {
  before: OverheadReading;
  after: OverheadReading;
  /** Between the two. */
  seconds: number;
  /** How late the loop's timer last fired against its grid, every 5 s. */
  latenessMs: number[];
  environment: Record<string, unknown>;
  /** Under the traffic of the bench, and under a stream; the reason where there is no BPF. */
  programs: { sparse: ProgramCosts | string; dense: ProgramCosts | string };
}

const LINKS = 50;
/**
 * Links with an XDP program: an interface that has one is sent no segmented datagrams, which makes
 * the sender, on the same two processors, dearer than what is measured.
 */
const XDP_LINKS = 5;
/** On each of them, for what a packet costs in a stream: 30,000 packets/s in all. */
const DENSE_PACKETS_PER_MS = 6;
/** Traffic is one of so many plans, each for every fifth link. */
const PLANS = 10;
/** As in track T1: its budget of 1.875 MB leaves room above the default limit to act in. */
const DRAIN_BITS_PER_SECOND = 100e6;
const DRAIN_BYTES_PER_SECOND = DRAIN_BITS_PER_SECOND / 8;
const START_LIMIT_BYTES = 524_288;
/** Low, because the sender shares the machine with what is measured. */
const BASE_PPS = [100, 300] as const;
/** Starting costs what running does not: compilation, leases, the first windows. */
const WARMUP_MS = 20_000;
const WARMUP_QUICK_MS = 6_000;
const MEASURED_MS = 300_000;
const MEASURED_QUICK_MS = 30_000;
/** Seldom, because reading the metrics costs the controller a hundredth of a core at 1 Hz. */
const READ_EVERY_MS = 5000;

/**
 * Run 50 links with bursty traffic under full control and read what it took. The lab and the
 * processes are gone when it returns or throws.
 */
export async function runOverhead(context: BenchContext): Promise<OverheadReadings> {
  await removeStaleLabs();
  context.progress(`overhead: making ${LINKS} veth pairs`);
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const lab = await createLab({
    id: `overhead-${process.pid}`,
    lanes: Array.from({ length: LINKS }, (_, index) => ({
      name: `link-${index}`,
      drainBitsPerSecond: DRAIN_BITS_PER_SECOND,
      limitBytes: START_LIMIT_BYTES,
    })),
  });
  try {
    context.progress('overhead: starting the four services');
    const lanes = lab.links.map((link, index) => ({
      link,
      rule: 'predictive' as const,
      xdp: index < XDP_LINKS,
    }));
    const { signal } = context;
    const services = await startLaneServices({ lanes, directory, signal });
    try {
      return await measure({ context, lab, services });
    } finally {
      await services.stop();
    }
  } finally {
    await lab.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(parts: {
  context: BenchContext;
  lab: KernelLab;
  services: LaneServices;
}): Promise<OverheadReadings> {
  const { context, lab, services } = parts;
  const { signal, quick } = context;
  const measuredMs = quick ? MEASURED_QUICK_MS : MEASURED_MS;
  const warmupMs = quick ? WARMUP_QUICK_MS : WARMUP_MS;
  const flows = planFlows({
    seed: context.seed,
    durationMs: warmupMs + measuredMs + 30_000,
    quick,
  });
  const run = await startTraffic({ lab, flows, probeIntervalMs: false, signal });
  try {
    context.progress(`overhead: warming up for ${warmupMs / 1000} s`);
    await sleep(warmupMs, undefined, { signal });
    const before = await read(services, signal);
    const start = performance.now();
    const latenessMs: number[] = [];
    for (let at = READ_EVERY_MS; at <= measuredMs; at += READ_EVERY_MS) {
      await sleep(Math.max(0, start + at - performance.now()), undefined, { signal });
      latenessMs.push(await readLateness(services, signal));
      if (at % 15_000 === 0) context.progress(`overhead: ${at / 1000} of ${measuredMs / 1000} s`);
    }
    const after = await read(services, signal);
    const seconds = (performance.now() - start) / 1000;
    context.progress('overhead: counting what the eBPF programs cost');
    const costs = { agentAddress: services.agentAddress, spare: spareOf(lab), signal };
    const sparse = await measureProgramCosts({ ...costs, hasUpdates: true }).catch(reasonOf);
    const environment = environmentOf(await run.stop(), { seconds, warmupMs });
    const dense = await measureDense(lab, costs);
    const programs = { sparse, dense };
    return { before, after, seconds, latenessMs, environment, programs };
  } finally {
    await run.stop();
  }
}

/**
 * A stream through the links with XDP: a thousand packets a second find every cache cold, and what
 * a packet costs then is the caches' doing.
 */
async function measureDense(
  lab: KernelLab,
  costs: Omit<Parameters<typeof measureProgramCosts>[0], 'hasUpdates'>,
): Promise<ProgramCosts | string> {
  const { signal } = costs;
  const lanes = lab.links.slice(0, XDP_LINKS + 1).map(({ link }) => link);
  const source = { next: (steps: number) => new Uint16Array(steps).fill(DENSE_PACKETS_PER_MS) };
  const flows = lanes.map((lane) => ({ lanes: [lane], source }));
  const run = await startTraffic({ lab, flows, probeIntervalMs: false, signal });
  try {
    return await measureProgramCosts({ ...costs, hasUpdates: false }).catch(reasonOf);
  } finally {
    await run.stop();
  }
}

/** The link after those with XDP: there the empty program goes. */
function spareOf(lab: KernelLab): { netns: string; interface: string } {
  const spare = lab.links[XDP_LINKS];
  if (spare === undefined) throw new RangeError(`a lab of more than ${XDP_LINKS} links is needed`);
  return { netns: spare.netns, interface: spare.ingress };
}

/** Any other error than of the kernel is ours and ends the bench. */
function reasonOf(error: unknown): string {
  if (error instanceof KernelError) return error.message;
  throw error;
}

function planFlows(options: { seed: number; durationMs: number; quick: boolean }) {
  const { seed, durationMs, quick } = options;
  return Array.from({ length: PLANS }, (_, index) => ({
    lanes: Array.from({ length: LINKS }, (_, lane) => `link-${lane}`).filter(
      (_, lane) => lane % PLANS === index,
    ),
    source: planSource(
      planTraffic({
        kind: index % 2 === 0 ? 'periodic' : 'precursor',
        intervals: 'regular',
        seed: `overhead-${seed}-${index}`,
        durationMs,
        drainBytesPerSecond: DRAIN_BYTES_PER_SECOND,
        basePps: BASE_PPS,
        burst: { by: 'excess', shareOfBudget: [0.3, 0.9] },
        // Bursts every few seconds, so that half a minute has enough changes for a percentile.
        ...(quick ? { intervalS: [4, 6] as const, decoys: false, warmupMs: 1000 } : {}),
      }),
    ),
  }));
}

async function read(services: LaneServices, signal: AbortSignal): Promise<OverheadReading> {
  const cpuSeconds: Record<string, number> = {};
  for (const one of services.processes) cpuSeconds[one.service] = one.cpuSeconds();
  return { cpuSeconds, metrics: await controllerMetrics(services, signal) };
}

async function readLateness(services: LaneServices, signal: AbortSignal): Promise<number> {
  const text = await controllerMetrics(services, signal);
  return 1000 * (metricSum(text, 'fsu_loop_period_drift_seconds') ?? 0);
}

async function controllerMetrics(services: LaneServices, signal: AbortSignal): Promise<string> {
  const controller = services.processes.find((one) => one.service === 'fsu-controller');
  return (await controller?.metricsText(signal)) ?? '';
}

function environmentOf(
  report: TrafficReport,
  run: { seconds: number; warmupMs: number },
): Record<string, unknown> {
  const packets = report.lanes.reduce((sum, lane) => sum + lane.packets, 0);
  return {
    links: LINKS,
    link_drain_mbit_per_s: DRAIN_BITS_PER_SECOND / 1e6,
    measured_seconds: run.seconds,
    warmup_seconds: run.warmupMs / 1000,
    packets,
    sender_late_times: report.lateTimes,
    host_dropped_packets: report.hostDroppedPackets,
  };
}
