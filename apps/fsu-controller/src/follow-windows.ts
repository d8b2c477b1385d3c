import type { FeatureWindows } from '@levitate/feature-windows';
import { reconnecting } from '@levitate/grpc-kit';
import type { ControlLoop } from './control-loop.ts';

/**
 * Feed the loop from the windows until `signal` aborts: first what they hold, once, so that a
 * controller that restarts knows the peaks of its links; then every new sample. A follower that
 * fails is opened again; what was measured in between is lost and counted by its gap.
 */
export async function followWindows(options: {
  windows: FeatureWindows;
  links: readonly string[];
  loop: ControlLoop;
  signal: AbortSignal;
  onDown: (error: unknown) => void;
}): Promise<void> {
  const { windows, links, loop, signal, onDown } = options;
  if (links.length === 0) return;
  const isRecalled = new Set<string>();
  async function* open(opened: AbortSignal) {
    for (const link of links) {
      if (isRecalled.has(link)) continue;
      loop.recall(link, await windows.read(link));
      isRecalled.add(link);
    }
    yield* windows.follow({ links, backlog: false, signal: opened });
  }
  const waitMs = { first: 100, longest: 1_000 };
  // A refusal that the kit calls final may be a telemetry of another release: it may be replaced.
  while (!signal.aborted) {
    try {
      for await (const { samples, lost } of reconnecting({ open, signal, onDown, waitMs })) {
        loop.lost(lost);
        if (samples.length > 0) loop.take(samples);
      }
    } catch (error) {
      onDown(error);
      await new Promise((resolve) => setTimeout(resolve, waitMs.longest));
    }
  }
}
