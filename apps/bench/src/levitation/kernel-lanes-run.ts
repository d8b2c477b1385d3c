import { setTimeout as sleep } from 'node:timers/promises';
import {
  createLab,
  DelaySeries,
  type KernelLab,
  planSource,
  startTraffic,
  type TrafficReport,
} from '@levitate/kernel-lab';
import type { ServiceProcess } from '../service-process.ts';
import {
  BACKGROUND_BITS_PER_SECOND,
  type Cell,
  type LaneRule,
  laneName,
  type Phase,
  startLimitBytes,
} from './kernel-lanes-cells.ts';
import { TickLog } from './kernel-lanes-debug.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { LaneRecorder } from './kernel-lanes-recorder.ts';
import type { TraceRun } from './kernel-lanes-score.ts';
import { type LaneServices, startLaneServices } from './kernel-lanes-services.ts';

/** What one phase left. */
export interface PhaseRun {
  traces: TraceRun[];
  traffic: TrafficReport;
  /** Processor time of each service over the traffic, in cores. */
  cpu: Record<string, number>;
  /** What the controller did with the predictive lanes. */
  ticks: TickLog;
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

/** Services get this long to take their leases and see idle queues before traffic starts. */
const SETTLE_MS = 1_500;

/**
 * Run one phase: all its lanes in one lab, the services beside them, the traffic through them.
 * Whatever happens, the lab and the processes are gone when it returns or throws.
 */
export async function runPhase(phase: Phase, options: PhaseOptions): Promise<PhaseRun> {
  const lanes = lanesOf(phase);
  const lab = await createLab({
    id: options.labId,
    lanes: lanes.map(({ cell, rule, name }) => ({
      name,
      drainBitsPerSecond: cell.drainBytesPerSecond * 8,
      limitBytes: startLimitBytes(rule, cell.budgetBytes),
    })),
  });
  try {
    const driven = lab.links.flatMap((link, i) => {
      const rule = lanes[i]?.rule;
      return rule !== undefined && isDriven(rule) ? [{ link, rule }] : [];
    });
    const { directory, signal } = options;
    const services = await startLaneServices({ lanes: driven, directory, signal });
    try {
      return await runTraffic({ phase, lanes, lab, services, options });
    } finally {
      await services.stop();
    }
  } finally {
    await lab.close();
  }
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

function isDriven(rule: LaneRule): boolean {
  return rule === 'reactive' || rule === 'reactive-hold35' || rule === 'predictive';
}

async function runTraffic(parts: {
  phase: Phase;
  lanes: readonly PhaseLane[];
  lab: KernelLab;
  services: LaneServices;
  options: PhaseOptions;
}): Promise<PhaseRun> {
  const { phase, lanes, lab, services, options } = parts;
  const predictive = lanes.filter((lane) => lane.rule === 'predictive').map((lane) => lane.name);
  const { controllerAddress } = services;
  const ticks = new TickLog({ controllerAddress, targets: predictive });
  await sleep(SETTLE_MS, undefined, { signal: options.signal });
  const delays = new DelaySeries({ laneCount: lanes.length });
  const recorder = new LaneRecorder({ lab, rules: lanes.map((lane) => lane.rule) });
  const cpuBefore = services.processes.map((process) => process.cpuSeconds());
  const run = await startTraffic({
    lab,
    flows: phase.cells.flatMap((cell) =>
      cell.traces.map((plan, trace) => ({
        lanes: lanes
          .filter((lane) => lane.cell === cell && lane.trace === trace)
          .map((lane) => lane.name),
        source: planSource(plan),
      })),
    ),
    backgroundBitsPerSecond: BACKGROUND_BITS_PER_SECOND,
    onDelays: (batch) => delays.add(batch),
  });
  let records: LaneRecord[] = [];
  try {
    await waitFor(run, phase.durationMs, options);
  } finally {
    await run.stop();
    records = recorder.stop();
    await ticks.close();
  }
  const traffic = await run.finished;
  return {
    traces: tracesOf({ phase, lanes, records, traffic, delays }),
    traffic,
    cpu: cpuOf(services.processes, { before: cpuBefore, seconds: phase.durationMs / 1e3 }),
    ticks,
  };
}

async function waitFor(
  run: { report(): TrafficReport; finished: Promise<TrafficReport> },
  durationMs: number,
  options: PhaseOptions,
): Promise<void> {
  for (;;) {
    const { steps } = run.report();
    options.onShare(Math.min(1, steps / durationMs));
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

function cpuOf(
  processes: readonly ServiceProcess[],
  over: { before: readonly number[]; seconds: number },
): Record<string, number> {
  return Object.fromEntries(
    processes.map((process, i) => [
      process.service,
      (process.cpuSeconds() - (over.before[i] ?? 0)) / over.seconds,
    ]),
  );
}
