import { type FeatureWindows, keepFollowing } from '@levitate/feature-windows';
import type { ControlLoop } from './control-loop.ts';

/**
 * Feed the loop from the windows until `signal` aborts: first what they hold, once, so that a
 * controller that restarts knows the peaks of its links; then every new sample. A follower that
 * fails is opened again; what was measured in between is lost and counted by its gap.
 */
export async function followWindows(options: {
  windows: FeatureWindows;
  links: readonly string[];
  /** Links whose past the loop knows already; grows. */
  isRecalled: Set<string>;
  loop: Pick<ControlLoop, 'recall' | 'lost' | 'take'>;
  signal: AbortSignal;
  onDown: (error: unknown) => void;
}): Promise<void> {
  const { windows, links, isRecalled, loop, signal, onDown } = options;
  if (links.length === 0) return;
  async function* open(opened: AbortSignal) {
    for (const link of links) {
      if (isRecalled.has(link)) continue;
      loop.recall(link, await windows.read(link));
      isRecalled.add(link);
    }
    yield* windows.follow({ names: links, backlog: false, signal: opened });
  }
  await keepFollowing({
    open,
    take({ samples, lost }) {
      loop.lost(lost);
      if (samples.length > 0) loop.take(samples);
    },
    onDown,
    signal,
  });
}
