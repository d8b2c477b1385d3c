import type { Admission } from '@levitate/queueing';
import type { ControlledSplit } from './shared-memory-split.ts';
import {
  openMemory,
  type SharedTrace,
  START_UNIX_MS,
  stepTick,
  TICK_MS,
} from './shared-memory-trace.ts';

/** Who decides what the memory takes in. */
export interface SharedPolicy {
  admission: Admission;
  /** Limits for good, or whoever moves them on each tick; neither where the rule needs none. */
  limitBytes?: readonly number[];
  split?: ControlledSplit;
}

/** Sums of one trace under one policy. */
export interface SharedTotals {
  /** Packets, each queue's from its fifth burst on. */
  drops: number;
  /** All limits together / memory, mean over the trace; 1 where limits are not what decides. */
  reserved: number;
  /** Packets in memory / memory, mean over the ends of ticks. */
  occupied: number;
  /** Longest delay of a queue's last packet at the end of a tick, ms. */
  longestDelayMs: number;
  /** Of one limit, a minute. */
  changesPerMinute: number;
}

/**
 * Let a policy run eight queues over a trace.
 * @param at `counts`: whether drops of a queue count in the tick that ends then; default from its
 *   fifth burst on
 */
export function runShared(
  trace: SharedTrace,
  at: {
    policy: SharedPolicy;
    memoryBytes: number;
    counts?: (queue: number, nowMs: number) => boolean;
  },
): SharedTotals {
  const { policy, memoryBytes } = at;
  const { split, admission } = policy;
  const counts = at.counts ?? ((queue, nowMs) => nowMs > (trace.countedFromMs[queue] as number));
  const memory = openMemory(trace, { admission, memoryBytes });
  const begin = split?.startBytes ?? policy.limitBytes;
  if (begin !== undefined) memory.setLimits(begin);
  const sums = { drops: 0, reserved: 0, occupied: 0, longestDelayMs: 0, changes: 0, ticks: 0 };
  let before = trace.plans.map(() => 0);
  for (let fromMs = 0; fromMs < trace.durationMs; fromMs += TICK_MS) {
    stepTick(memory, { trace, fromMs });
    const nowMs = fromMs + TICK_MS;
    const dropped = memory.counters.map(({ droppedPackets }) => droppedPackets);
    const queuedBytes = memory.queuedBytes;
    queuedBytes.forEach((bytes, queue) => {
      const { drainBytesPerSecond } = trace.plans[queue] as SharedTrace['plans'][number];
      const delayMs = (1000 * bytes) / drainBytesPerSecond;
      sums.longestDelayMs = Math.max(sums.longestDelayMs, delayMs);
      sums.occupied += bytes / memoryBytes;
      if (counts(queue, nowMs))
        sums.drops += (dropped[queue] as number) - (before[queue] as number);
    });
    before = dropped;
    const limitBytes = memory.limitBytes;
    sums.reserved += begin ? sumOf(limitBytes) / memoryBytes : 1;
    sums.ticks += 1;
    if (split === undefined) {
      memory.skipSamples();
      continue;
    }
    const samples = memory.takeSamples(START_UNIX_MS + nowMs);
    const next = split.step({ nowMs, samples, limitBytes, queuedBytes });
    sums.changes += next.filter((bytes, queue) => bytes !== limitBytes[queue]).length;
    memory.setLimits(next);
  }
  const minutes = trace.durationMs / 60_000;
  return {
    drops: sums.drops,
    reserved: sums.reserved / sums.ticks,
    occupied: sums.occupied / sums.ticks,
    longestDelayMs: sums.longestDelayMs,
    changesPerMinute: sums.changes / trace.plans.length / minutes,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
