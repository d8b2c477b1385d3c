import { setTimeout as sleep } from 'node:timers/promises';
import {
  createLab,
  DelaySeries,
  type KernelLab,
  planSource,
  startTraffic,
  type TrafficFlow,
  type TrafficReport,
} from '@levitate/kernel-lab';
import {
  BACKGROUND_BITS_PER_SECOND,
  type Cell,
  laneName,
  type Phase,
} from './kernel-lanes-cells.ts';
import { PhaseCores } from './kernel-lanes-cores.ts';
import { type FollowedController, TickLog } from './kernel-lanes-debug.ts';
import { burstModelsOf } from './kernel-lanes-models.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { LaneRecorder } from './kernel-lanes-recorder.ts';
import { driveOf, type LaneRule, type LoopName, startLimitBytes } from './kernel-lanes-rules.ts';
import type { TraceRun } from './kernel-lanes-score.ts';
import { type DrivenLane, type LaneLoop, startLaneServices } from './kernel-lanes-services.ts';

/** What one phase left. */
export interface PhaseRun {
  traces: TraceRun[];
  traffic: TrafficReport;
  /** Milliseconds of the traffic that had passed when the services were ready. */
  readyMs: number;
  /** Processor time of each process of the services from then on, in cores, by its name. */
  cpu: Record<string, number>;
  /** Share of the worse processor that the host gave to others meanwhile: it makes bursts late. */
  stolen: number;
  /** What the controllers did with the lanes that follow forecasts. */
  ticks: TickLog;
  /** Burst models that the predictor of each loop had, and what it says of them. */
  models: Partial<Record<LoopName, Record<string, string>>>;
}

/** What a phase runs with. */
export interface PhaseOptions {
  labId: string;
  /** Folder for the services' configurations and state. */
  directory: string;
  signal: AbortSignal;
  /** Told about every 5 s how much of the traffic is through, 0..1. */
  onShare: (share: number) => void;
}

/**
 * Run one phase: all its lanes in one lab, the traffic through them, the services beside them.
 * Whatever happens, the lab and the processes are gone when it returns or throws.
 *
 * The traffic comes first, as on a host where an agent is installed: the services must not take
 * the start of all traffic on an idle link for a burst that lasts for ever.
 */
export async function runPhase(phase: Phase, options: PhaseOptions): Promise<PhaseRun> {
  const lanes = lanesOf(phase);
  await using stack = new AsyncDisposableStack();
  const lab = await createLab({
    id: options.labId,
    lanes: lanes.map(({ cell, rule, name }) => ({
      name,
      drainBitsPerSecond: cell.drainBytesPerSecond * 8,
      limitBytes: startLimitBytes(rule, cell.budgetBytes),
    })),
  });
  stack.defer(() => lab.close());
  const delays = new DelaySeries({ laneCount: lanes.length });
  const recorder = new LaneRecorder({ lab, rules: lanes.map((lane) => lane.rule) });
  stack.defer(() => void recorder.stop());
  const run = await startTraffic({
    lab,
    flows: flowsOf(phase, lanes),
    backgroundBitsPerSecond: BACKGROUND_BITS_PER_SECOND,
    onDelays: (batch) => delays.add(batch),
  });
  stack.defer(async () => void (await run.stop()));
  const services = await startLaneServices({
    lanes: drivenOf(lab, lanes),
    directory: options.directory,
    signal: options.signal,
  });
  stack.defer(() => services.stop());
  const { loops, processes } = services;
  const ticks = new TickLog(loops.map(followed));
  stack.defer(() => ticks.close());
  const readyMs = run.report().steps;
  const cores = new PhaseCores(processes);
  await waitFor(run, phase.durationMs, options);
  const [cpu, stolen] = [cores.byProcess(), cores.stolenShare()];
  const models = await modelsOf(loops);
  const traffic = await run.stop();
  const records = recorder.stop();
  const traces = tracesOf({ phase, lanes, records, traffic, delays });
  return { traces, traffic, readyMs, cpu, stolen, ticks, models };
}

interface PhaseLane {
  cell: Cell;
  /** Position of the trace within its cell. */
  trace: number;
  rule: LaneRule;
  name: string;
}

function lanesOf(phase: Phase): PhaseLane[] {
  return phase.cells.flatMap((cell) =>
    cell.traces.flatMap((_, trace) =>
      cell.rules.map((rule) => ({
        cell,
        trace,
        rule,
        name: laneName({ cell: cell.key, trace, rule }),
      })),
    ),
  );
}

function drivenOf(lab: KernelLab, lanes: readonly PhaseLane[]): DrivenLane[] {
  return lab.links.flatMap((link, i) => {
    const rule = lanes[i]?.rule;
    return rule !== undefined && driveOf(rule) !== undefined ? [{ link, rule }] : [];
  });
}

function followed({ controllerAddress, lanes }: LaneLoop): FollowedController {
  const predictive = lanes.filter(({ rule }) => driveOf(rule)?.predictive);
  return { controllerAddress, targets: predictive.map(({ link }) => link.link) };
}

async function modelsOf(loops: readonly LaneLoop[]): Promise<PhaseRun['models']> {
  const each = loops.map(async ({ name, predictorAddress }) => [
    name,
    await burstModelsOf(predictorAddress),
  ]);
  return Object.fromEntries(await Promise.all(each));
}

/** One flow per trace, to all of its lanes. */
function flowsOf(phase: Phase, lanes: readonly PhaseLane[]): TrafficFlow[] {
  return phase.cells.flatMap((cell) =>
    cell.traces.map((plan, trace) => ({
      lanes: lanes
        .filter((lane) => lane.cell === cell && lane.trace === trace)
        .map((lane) => lane.name),
      source: planSource(plan),
    })),
  );
}

/** Wait until so much of a schedule was sent. @throws what ended the traffic, or the signal */
export async function waitFor(
  run: { report(): TrafficReport; finished: Promise<TrafficReport> },
  durationMs: number,
  options: Pick<PhaseOptions, 'signal'> & Partial<Pick<PhaseOptions, 'onShare'>>,
): Promise<void> {
  for (;;) {
    const { steps } = run.report();
    options.onShare?.(Math.min(1, steps / durationMs));
    if (steps >= durationMs) return;
    const restMs = Math.max(20, Math.min(5_000, durationMs - steps));
    const failed = run.finished.then(() => undefined); // It only ends early by failing.
    await Promise.race([sleep(restMs, undefined, { signal: options.signal }), failed]);
  }
}

function tracesOf(parts: {
  phase: Phase;
  lanes: readonly PhaseLane[];
  records: readonly LaneRecord[];
  traffic: TrafficReport;
  delays: DelaySeries;
}): TraceRun[] {
  const { phase, lanes, records, traffic, delays } = parts;
  return phase.cells.flatMap((cell) =>
    cell.traces.map((plan, index) => ({
      cell,
      plan,
      index,
      startUnixMs: traffic.startUnixMs,
      late: traffic.late,
      delays,
      lanes: lanes.flatMap((lane, at) => {
        const record = records[at];
        const isOwn = lane.cell === cell && lane.trace === index;
        return isOwn && record !== undefined ? [{ record, lane: at }] : [];
      }),
    })),
  );
}
