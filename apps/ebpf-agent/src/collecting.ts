import type { Sample } from '@levitate/series';
import type { ServiceContext } from '@levitate/service-kit';
import { withActuatedLimits } from './actuated-readings.ts';
import { Cadence } from './cadence.ts';
import { Collector } from './collector.ts';
import type { AgentConfig } from './config.ts';
import type { KernelPrograms } from './ebpf/kernel-programs.ts';
import { SLOT_MS, SLOT_NS } from './ebpf/layout.ts';
import type { Microburst } from './ebpf/microburst.ts';
import { observePrograms } from './ebpf/program-metrics.ts';
import type { Kernel } from './kernel.ts';
import type { LimitControl } from './limit-control.ts';
import { type AgentMetrics, observeAgent } from './metrics.ts';
import type { ReaderFeed } from './reader-feed.ts';

/** Namespaces, interfaces and refusals are looked after once a second. */
const REVIEW_MS = 1_000;
const INTO_SLOT_MS = 0.5;

/** What samples are made from, and who gets them. */
export interface CollectingParts {
  kernel: Kernel;
  /** `undefined` where nothing counts in the kernel. */
  programs: KernelPrograms | undefined;
  control: LimitControl;
  feed: ReaderFeed<Sample>;
  microbursts: ReaderFeed<Microburst>;
  metrics: AgentMetrics;
}

/**
 * Make samples until the cadence is stopped. Queues are looked at every `poll_ms` while some of
 * them is only as well known as it is looked at often, else once an interval.
 */
export function startCollecting(
  { config, clock, registry, readiness }: ServiceContext<AgentConfig>,
  parts: CollectingParts,
): Cadence {
  const { kernel, programs, control, feed, metrics } = parts;
  const { poll_ms: pollMs, interval_ms: intervalMs } = config;
  readiness.set('samples', false, 'the first interval is not over');
  // Ticks come a moment after a slot of the programs has closed, so that samples are new.
  const startMs = clock.monotonicMs() + (programs === undefined ? 0 : untilIntoSlotMs());
  let slowestMs = 0;
  let reviewedMs = Number.NEGATIVE_INFINITY;
  const collector = new Collector({
    kernel: withActuatedLimits(kernel, (link) => control.hiddenLimit(link)),
    programs,
    clock,
    pollMs,
    intervalMs,
    startMs,
    changedLimits: () => control.takeChangedLimits(),
    onSamples: (samples) => {
      metrics.samples.inc(samples.length);
      metrics.pollSecondsMax.observe(slowestMs / 1000);
      slowestMs = 0;
      feed.publish(samples);
      readiness.set('samples', true);
    },
  });
  observeAgent(registry, { kernel, collector, control, feed });
  if (programs !== undefined) observePrograms(registry, programs);
  const cadence = new Cadence({
    clock,
    periodMs: pollMs,
    onTick: ({ missed }) => {
      const startMs = clock.monotonicMs();
      if (missed > 0) metrics.pollsMissed.inc(missed);
      if (startMs - reviewedMs >= REVIEW_MS) {
        reviewedMs = startMs;
        kernel.review();
        programs?.review();
      }
      collector.tick();
      cadence.periodMs = collector.needsPolls ? pollMs : intervalMs;
      control.expire();
      if (programs !== undefined) {
        const unixMsAtZero = clock.unixMs() - Number(process.hrtime.bigint()) / 1e6;
        parts.microbursts.publish(programs.takeMicrobursts(unixMsAtZero));
      }
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - startMs);
    },
  });
  cadence.start(startMs);
  return cadence;
}

function untilIntoSlotMs(): number {
  const intoMs = Number(process.hrtime.bigint() % BigInt(SLOT_NS)) / 1e6;
  return (SLOT_MS + INTO_SLOT_MS - intoMs) % SLOT_MS;
}
