import { createLab, planSource, startTraffic, type TrafficReport } from '@levitate/kernel-lab';
import { PhaseCores } from './kernel-lanes-cores.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { LaneRecorder } from './kernel-lanes-recorder.ts';
import { type PhaseOptions, waitFor } from './kernel-lanes-run.ts';
import { queueName, type SplitName } from './kernel-split-conditions.ts';
import type { ControlledSplit } from './shared-memory-split.ts';
import type { SharedTrace } from './shared-memory-trace.ts';
import { SplitAgent } from './split-agent.ts';
import { SplitLoop } from './split-loop.ts';
import { SplitSet } from './split-set.ts';

/** One set of queues: what rules it, or limits for good. */
export interface SetPlan {
  name: SplitName;
  rule: { split: ControlledSplit } | { limitBytes: readonly number[] };
}

/** What a run on real queues left. */
export interface KernelSplitRun {
  /** By set, its queues in the order of the trace; the last reading is after the agent’s end. */
  records: Map<SplitName, LaneRecord<SplitName>[]>;
  /** By set that is ruled: the most that its confirmed limits together were, bytes. */
  limitsMostBytes: Map<SplitName, number>;
  traffic: TrafficReport;
  /** From the end of a sample to its last change in force, ms, one a tick with changes. */
  toChangeMs: number[];
  /** Ticks that moved nothing because their samples came too late. */
  lateTicks: number;
  /** Changes that the agent refused. */
  refused: number;
  /** Processor time of the agent, in cores, by its name. */
  cpu: Record<string, number>;
  /** Share of the worse processor that the host gave to others meanwhile: it makes bursts late. */
  stolen: number;
}

/**
 * Run a trace through real kernel queues: a set of them a policy, all sets side by side in one lab
 * with the same packets, their limits moved through an agent from its own samples. Whatever
 * happens, lab and agent are gone when it returns or throws, and the agent put the limits back.
 */
export async function runKernelSplit(
  plan: { trace: SharedTrace; sets: readonly SetPlan[] },
  options: PhaseOptions,
): Promise<KernelSplitRun> {
  const { trace, sets } = plan;
  await using stack = new AsyncDisposableStack();
  const queues = sets.flatMap((set) => queuesOf(set, trace));
  const lab = await createLab({ id: options.labId, lanes: queues.map(({ lane }) => lane) });
  stack.defer(() => lab.close());
  const recorder = new LaneRecorder({ lab, rules: queues.map(({ split }) => split) });
  stack.defer(() => void recorder.stop());
  const ruled = sets.flatMap(({ name, rule }) => {
    if (!('split' in rule)) return [];
    const links = trace.plans.map((_, index) => queueName({ split: name, index }));
    return [{ name, set: new SplitSet({ links, split: rule.split }) }];
  });
  const moved = new Set(ruled.flatMap(({ set }) => set.links));
  const { directory, signal } = options;
  const links = lab.links.filter(({ link }) => moved.has(link));
  const agent = await SplitAgent.start({ links, directory, signal });
  stack.use(agent);
  const flows = trace.plans.map((source, index) => ({
    lanes: sets.map(({ name }) => queueName({ split: name, index })),
    source: planSource(source),
  }));
  const run = await startTraffic({ lab, flows, probeIntervalMs: false });
  stack.defer(async () => void (await run.stop()));
  const loop = new SplitLoop({
    agent,
    sets: ruled.map(({ set }) => set),
    startUnixMs: () => run.startUnixMs,
  });
  stack.use(loop);
  const cores = new PhaseCores([agent.process]);
  // A loop that failed ends the run at once.
  await Promise.race([waitFor(run, trace.durationMs, options), loop.failed]);
  const [cpu, stolen] = [cores.byProcess(), cores.stolenShare()];
  await loop[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  const traffic = await run.stop();
  return {
    records: Map.groupBy(recorder.stop(), ({ rule }) => rule),
    limitsMostBytes: new Map(ruled.map(({ name, set }) => [name, set.limitsMostBytes])),
    traffic,
    toChangeMs: loop.toChangeMs,
    lateTicks: loop.lateTicks,
    refused: loop.refused,
    cpu,
    stolen,
  };
}

/** The lanes of a set, each with the limit that it begins with. */
function queuesOf({ name, rule }: SetPlan, trace: SharedTrace) {
  const start = 'split' in rule ? rule.split.startBytes : rule.limitBytes;
  return trace.plans.map((plan, index) => ({
    split: name,
    lane: {
      name: queueName({ split: name, index }),
      drainBitsPerSecond: plan.drainBytesPerSecond * 8,
      limitBytes: Math.floor(start[index] as number),
    },
  }));
}
