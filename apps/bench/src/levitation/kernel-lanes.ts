import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStaleLabs } from '@levitate/kernel-lab';
import { whatIsMissing } from '../kernel-needs.ts';
import { type Announcements, sumAnnouncements } from './announcements.ts';
import {
  BUDGET_MS,
  laneName,
  type Phase,
  planPhases,
  UNCOUNTED_BURSTS,
} from './kernel-lanes-cells.ts';
import { forgetMissedBursts, type TickLog, writeMissedBursts } from './kernel-lanes-debug.ts';
import {
  type KernelLanesFigures,
  kernelLanesFigures,
  NO_TRACE,
  T1_KEYS,
} from './kernel-lanes-metrics.ts';
import { writeLevitationPicture } from './kernel-lanes-picture.ts';
import { FORECAST_WAYS } from './kernel-lanes-rules.ts';
import { type PhaseRun, runPhase } from './kernel-lanes-run.ts';
import { scoreTrace, type TraceScore } from './kernel-lanes-score.ts';

/** Why the kernel lab needs root. */
export const labNeeds = 'the kernel lab makes network namespaces';

/** What track T1 is run with. */
export interface KernelLanesRequest {
  seed: number;
  /** One phase of 31 s with bursts every 4 s: shows that it works, not what it is worth. */
  quick: boolean;
  signal: AbortSignal;
  /** Lines for a person who waits. */
  progress: (line: string) => void;
  /** Folder for the picture and for `t1-missed-bursts.jsonl` (see `writeMissedBursts`). */
  outDir: string;
}

/** What track T1 found. */
export interface KernelLanesResult extends KernelLanesFigures {
  environment: Record<string, unknown>;
  /** Ticks with a burst announced, by cell (`_statistical`: without models) and forecaster. */
  servedBy: Record<string, Announcements>;
  /** Paths of the pictures written. */
  pictures: string[];
}

/**
 * Track T1 of the levitation bench (SPEC 12): bursts into real kernel queues, lane beside lane
 * with the same packets; the reactive and predictive lanes are driven by the services, each its own
 * process, those without models by a predictor and a controller of their own; the others have one
 * limit for ever. Needs root; without it every key stands in `notMeasured`.
 */
export async function measureKernelLanes(request: KernelLanesRequest): Promise<KernelLanesResult> {
  const missing = whatIsMissing(labNeeds);
  if (missing !== undefined) return notMeasured(missing);
  await removeStaleLabs();
  forgetMissedBursts(request.outDir);
  const phases = planPhases(request);
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  const result = emptyResult();
  const scores: TraceScore[] = [];
  try {
    for (const [index, phase] of phases.entries()) {
      const run = await runPhase(phase, phaseOptions(request, { index, phases, directory }));
      scores.push(...scorePhase(run, { request, result, phase }));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const budgets = new Map(
    phases.flatMap(({ cells }) => cells.map((cell) => [cell.key, cell.budgetBytes] as const)),
  );
  const figures = kernelLanesFigures(scores, { budgetBytes: (cell) => budgets.get(cell) ?? 0 });
  Object.assign(result, figures);
  if (request.quick) markQuick(result);
  return result;
}

function phaseOptions(
  request: KernelLanesRequest,
  at: { index: number; phases: readonly Phase[]; directory: string },
) {
  const { index, phases, directory } = at;
  const cells = phases[index]?.cells.map((cell) => cell.key).join(' + ') ?? '';
  const seconds = Math.round((phases[index]?.durationMs ?? 0) / 1e3);
  return {
    labId: `bench-${process.pid}-${index}`,
    directory: join(directory, `${index}`),
    signal: request.signal,
    onShare: (share: number) =>
      request.progress(
        `T1 ${index + 1}/${phases.length} ${cells}: ${Math.round(share * 100)} % of ${seconds} s`,
      ),
  };
}

/** Score a phase, note how it ran, and draw the first periodic trace. */
function scorePhase(
  run: PhaseRun,
  context: { request: KernelLanesRequest; result: KernelLanesResult; phase: Phase },
): TraceScore[] {
  const { request, result, phase } = context;
  const { lanes: _, late, ...traffic } = run.traffic;
  (result.environment.t1_phases as unknown[]).push({
    cells: phase.cells.map((cell) => cell.key),
    seconds: phase.durationMs / 1e3,
    lanes: run.traffic.lanes.length,
    sender_cores: traffic.cpuMs / phase.durationMs,
    sender_latest_ms: traffic.latestMs,
    sender_late_times: traffic.lateTimes,
    sender_starved_ms: traffic.starvedMs,
    stolen_by_host: run.stolen,
    host_dropped_packets: traffic.hostDroppedPackets,
    packets: run.traffic.lanes.reduce((sum, lane) => sum + lane.packets, 0),
    background_mbit_per_s_mean: backgroundMean(run),
    services_ready_s: run.readyMs / 1e3,
    service_cores: run.cpu,
    models: run.models,
  });
  const first = UNCOUNTED_BURSTS;
  const scores = run.traces.map((trace) => scoreTrace(trace, { first }));
  const shown = run.traces.find((trace) => trace.cell.key === 'periodic');
  if (shown !== undefined && result.pictures.length === 0) {
    result.pictures.push(...writeLevitationPicture(shown, { outDir: request.outDir, first }));
  }
  for (const score of scores) noteForecasts(score, { ...context, ticks: run.ticks });
  return scores;
}

/** Who announced the bursts of a trace's lanes, and what was forecast before those missed. */
function noteForecasts(
  score: TraceScore,
  context: { request: KernelLanesRequest; result: KernelLanesResult; ticks: TickLog },
): void {
  const { request, result, ticks } = context;
  const { cell, index: trace, bursts } = score;
  for (const { rule, suffix } of FORECAST_WAYS) {
    if (score.drops[rule] === undefined) continue;
    const target = laneName({ cell, trace, rule });
    const key = `${cell}${suffix}`;
    const before = result.servedBy[key] ?? {};
    result.servedBy[key] = sumAnnouncements([before, ticks.announced(target)]);
    writeMissedBursts({ outDir: request.outDir, target, rule, bursts, ticks });
  }
}

function backgroundMean(run: PhaseRun): number {
  const { lanes, steps } = run.traffic;
  const bytes = lanes.reduce((sum, lane) => sum + lane.backgroundDeliveredBytes, 0);
  return (bytes * 8) / lanes.length / (steps / 1e3) / 1e6;
}

function emptyResult(): KernelLanesResult {
  return {
    metrics: {},
    baseline: {},
    notMeasured: {},
    pictures: [],
    servedBy: {},
    environment: {
      t1_latency_budget_ms: BUDGET_MS,
      t1_counted_from_burst: UNCOUNTED_BURSTS + 1,
      t1_phases: [],
    },
  };
}

/** A quick run has two cells only, and its bursts come faster than the conditions say. */
function markQuick(result: KernelLanesResult): void {
  result.environment.t1_quick =
    'bursts every 4 s without decoys, 2 periodic traces and an infeasible one, no other cell';
  for (const key of T1_KEYS) {
    if (result.notMeasured[key] === NO_TRACE) result.notMeasured[key] = 'left out of the quick run';
  }
}

function notMeasured(reason: string): KernelLanesResult {
  const result = emptyResult();
  for (const key of T1_KEYS) result.notMeasured[key] = reason;
  return result;
}
