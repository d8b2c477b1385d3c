import type { LateMoment } from '@levitate/kernel-lab';
import { AFTER_MS, BEFORE_MS, isLate } from './kernel-lanes-score.ts';
import type { SharedTrace } from './shared-memory-trace.ts';

/** A part of a trace, milliseconds from its start. */
export interface TraceSpan {
  fromMs: number;
  toMs: number;
}

/** What of a trace that was sent counts. */
export interface CountedParts {
  /** Spans of each queue whose drops count, in real queues and in simulated ones. */
  spans: readonly (readonly TraceSpan[])[];
  bursts: number;
  /** Bursts left out because packets of theirs left late. */
  voidBursts: number;
}

/** What was sent in the last second may not have drained at the end. */
const TAIL_MS = 1_000;

/** Every queue from its fifth burst on, but for what surrounds its bursts that left late. */
export function countedParts(trace: SharedTrace, late: readonly LateMoment[]): CountedParts {
  const toMs = trace.durationMs - TAIL_MS;
  let [bursts, voidBursts] = [0, 0];
  const spans = trace.plans.map((plan, queue) => {
    const fromMs = trace.countedFromMs[queue] as number;
    const own = plan.bursts.filter(
      (burst) => burst.timeMs > fromMs && burst.timeMs + burst.durationMs < toMs,
    );
    const left = own.filter((burst) => isLate(late, burst));
    bursts += own.length - left.length;
    voidBursts += left.length;
    const edges = left.flatMap(({ timeMs, durationMs }) => [
      timeMs - BEFORE_MS,
      timeMs + durationMs + AFTER_MS,
    ]);
    return between([fromMs, ...edges, toMs]);
  });
  return { spans, bursts, voidBursts };
}

/** Whether a tick of the simulator, by its end, lies in one of the spans. */
export function isCounted(spans: readonly TraceSpan[], nowMs: number): boolean {
  return spans.some(({ fromMs, toMs }) => nowMs > fromMs && nowMs <= toMs);
}

function between(edges: readonly number[]): TraceSpan[] {
  const spans: TraceSpan[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [fromMs, toMs] = edges.slice(index, index + 2) as [number, number];
    if (toMs > fromMs) spans.push({ fromMs, toMs });
  }
  return spans;
}
