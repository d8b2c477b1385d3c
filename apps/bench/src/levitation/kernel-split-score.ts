import {
  changesWithin,
  dropsWithin,
  type LaneRecord,
  reservedWithin,
  type Span,
} from './kernel-lanes-record.ts';
import { sumOf } from './kernel-lanes-score.ts';
import type { TraceSpan } from './kernel-split-spans.ts';
import type { SharedTotals } from './shared-memory-run.ts';

/** Sums of one set of real queues, as the simulator has them. */
export interface KernelSplitTotals extends SharedTotals {
  /** The most that limits, or packets beyond a limit that fell, held at once / memory. */
  heldMost: number;
}

/** Score a set of queues by its readings. Pure. @param records in the order of the trace */
export function scoreSet(
  records: readonly LaneRecord<string>[],
  at: {
    trace: { plans: readonly { drainBytesPerSecond: number }[]; durationMs: number };
    memoryBytes: number;
    startUnixMs: number;
    spans: readonly (readonly TraceSpan[])[];
  },
): KernelSplitTotals {
  const { trace, memoryBytes, startUnixMs, spans } = at;
  const whole: Span = { fromUnixMs: startUnixMs, toUnixMs: startUnixMs + trace.durationMs };
  const seconds = trace.durationMs / 1e3;
  const drops = records.map((record, queue) =>
    sumOf(spans[queue] ?? [], ({ fromMs, toMs }) =>
      dropsWithin(record, { fromUnixMs: startUnixMs + fromMs, toUnixMs: startUnixMs + toMs }),
    ),
  );
  const reserved = sumOf(records, (record) => reservedWithin(record, whole));
  const changes = sumOf(records, (record) => changesWithin(record, whole));
  const longest = records.map((record, queue) => {
    const drain = trace.plans[queue]?.drainBytesPerSecond ?? Number.POSITIVE_INFINITY;
    return (1e3 * record.backlogBytes.reduce((most, bytes) => Math.max(most, bytes), 0)) / drain;
  });
  return {
    drops: sumOf(drops, (packets) => packets),
    reserved: reserved / seconds / memoryBytes,
    changesPerMinute: changes / records.length / (seconds / 60),
    longestDelayMs: Math.max(...longest),
    ...memoryUse(records, { memoryBytes, whole }),
  };
}

/** What packets took of the memory on average, and packets and limits at the worst reading. */
function memoryUse(
  records: readonly LaneRecord<string>[],
  at: { memoryBytes: number; whole: Span },
): { occupied: number; heldMost: number } {
  const [first] = records;
  let [occupied, heldMost, readings] = [0, 0, 0];
  // One dump reads all queues, so the same position of every record is one moment.
  first?.timeUnixMs.forEach((unixMs, i) => {
    if (unixMs < at.whole.fromUnixMs || unixMs > at.whole.toUnixMs) return;
    const queued = (record: LaneRecord<string>) => record.backlogBytes[i] ?? 0;
    const held = sumOf(records, (record) => Math.max(record.limitBytes[i] ?? 0, queued(record)));
    heldMost = Math.max(heldMost, held);
    occupied += sumOf(records, queued);
    readings += 1;
  });
  return {
    occupied: occupied / Math.max(1, readings) / at.memoryBytes,
    heldMost: heldMost / at.memoryBytes,
  };
}
