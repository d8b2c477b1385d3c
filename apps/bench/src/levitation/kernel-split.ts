import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStaleLabs } from '@levitate/kernel-lab';
import type { BenchFigures } from '../bench.ts';
import { whatIsMissing } from '../kernel-needs.ts';
import { openServed } from '../open-served.ts';
import { allNotMeasured } from '../report.ts';
import { labNeeds } from './kernel-lanes.ts';
import { quantile } from './kernel-lanes-score.ts';
import { kernelSplitTrace, SPLITS, type SplitName } from './kernel-split-conditions.ts';
import { KERNEL_SPLIT_KEYS, kernelSplitFigures } from './kernel-split-figures.ts';
import { type KernelSplitRun, runKernelSplit, type SetPlan } from './kernel-split-run.ts';
import { scoreSet } from './kernel-split-score.ts';
import { type CountedParts, countedParts, isCounted } from './kernel-split-spans.ts';
import { newPolicy } from './shared-memory-policies.ts';
import { runShared, type SharedPolicy } from './shared-memory-run.ts';
import { MEMORY_SHARE, memoryOf, QUEUES, type SharedTrace } from './shared-memory-trace.ts';

/** What T3 on real queues is run with. */
export interface KernelSplitRequest {
  seed: number;
  quick: boolean;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/**
 * Track T3 on real kernel queues: eight queues a policy, all sets side by side with the same
 * packets; the limits of a set are divided from one memory ten times a second by the split of the
 * simulated track, from the samples of an agent that puts them into the qdiscs. Then the simulator
 * plays the same packets, so that one sees how far it may be believed. Needs root.
 */
export async function measureKernelSplit(request: KernelSplitRequest): Promise<BenchFigures> {
  const missing = request.quick ? 'left out of the quick run' : whatIsMissing(labNeeds);
  if (missing !== undefined) return allNotMeasured(KERNEL_SPLIT_KEYS, missing);
  await removeStaleLabs();
  const trace = kernelSplitTrace(request);
  const memoryBytes = memoryOf(trace, MEMORY_SHARE);
  const { newForecaster, newStatistical } = await openServed();
  const at = { trace, memoryBytes, newForecaster, newStatistical };
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const seconds = Math.round(trace.durationMs / 1e3);
  const { signal, progress } = request;
  try {
    const run = await runKernelSplit(
      { trace, sets: SPLITS.map((name) => setOf(name, newPolicy(name, at))) },
      {
        labId: `bench-${process.pid}-split`,
        directory,
        signal,
        onShare: (share) => progress(`T3 real: ${Math.round(share * 100)} % of ${seconds} s`),
      },
    );
    const parts = countedParts(trace, run.traffic.late);
    const real = new Map(
      SPLITS.map((name) => [
        name,
        scoreSet(run.records.get(name) ?? [], setIn(run, { at, parts })),
      ]),
    );
    const counts = (queue: number, nowMs: number) => isCounted(parts.spans[queue] ?? [], nowMs);
    const simulated = new Map(
      SPLITS.map((name) => {
        const policy = newPolicy(name, at);
        return [name, runShared(trace, { policy, memoryBytes, counts })];
      }),
    );
    const figures = kernelSplitFigures({ real, simulated });
    return { ...figures, environment: { t3_real: conditionsOf(run, { at, parts }) } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Played {
  at: { trace: SharedTrace; memoryBytes: number };
  parts: CountedParts;
}

function setOf(name: SplitName, { split, limitBytes }: SharedPolicy): SetPlan {
  return { name, rule: split ? { split } : { limitBytes: limitBytes ?? [] } };
}

function setIn(run: KernelSplitRun, { at, parts }: Played) {
  const { trace, memoryBytes } = at;
  return { trace, memoryBytes, startUnixMs: run.traffic.startUnixMs, spans: parts.spans };
}

/** How the run went: what its figures rest on. */
function conditionsOf(run: KernelSplitRun, { at, parts }: Played): Record<string, unknown> {
  const { traffic, toChangeMs } = run;
  return {
    queues: QUEUES * SPLITS.length,
    seconds: at.trace.durationMs / 1e3,
    memory_bytes: at.memoryBytes,
    counted_bursts: parts.bursts,
    void_bursts: parts.voidBursts,
    sender_cores: traffic.cpuMs / at.trace.durationMs,
    sender_latest_ms: traffic.latestMs,
    sender_starved_ms: traffic.starvedMs,
    host_dropped_packets: traffic.hostDroppedPackets,
    sender_late_times: traffic.lateTimes,
    stolen_by_host: run.stolen,
    service_cores: run.cpu,
    sample_to_change_ms_p50: quantile(toChangeMs, 0.5),
    sample_to_change_ms_p99: quantile(toChangeMs, 0.99),
    late_ticks: run.lateTicks,
    refused_changes: run.refused,
    limits_most_of_memory: Object.fromEntries(
      [...run.limitsMostBytes].map(([name, bytes]) => [name, bytes / at.memoryBytes]),
    ),
    forecasts: 'made in the bench, from the samples of the agent, by who serves T3 simulated',
  };
}
