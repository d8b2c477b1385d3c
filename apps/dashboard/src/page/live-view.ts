import type { LaneSample, LaneView, View } from '../view.ts';

/** What is known, and whether it is still coming in. */
export interface LiveView {
  readonly view: View | undefined;
  readonly isLive: boolean;
}

/** Samples older than this are off the graphs. */
const windowMs = 62_000;

/**
 * Follows the dashboard's event stream. The browser reconnects by itself; the first event of every
 * connection is the whole picture.
 */
export function followView(onChange: (live: LiveView) => void): void {
  const source = new EventSource('/api/stream');
  let view: View | undefined;
  source.addEventListener('picture', (event) => {
    view = JSON.parse(event.data) as View;
    onChange({ view, isLive: true });
  });
  source.addEventListener('update', (event) => {
    const update = JSON.parse(event.data) as View;
    view = { ...update, lanes: update.lanes.map((lane) => withSamples(lane, view)) };
    onChange({ view, isLive: true });
  });
  source.addEventListener('error', () => onChange({ view, isLive: false }));
}

/** An update's lane with the samples held before it. */
function withSamples(lane: LaneView, before: View | undefined): LaneView {
  const held = before?.lanes.find(({ link }) => link === lane.link)?.samples ?? [];
  return { ...lane, samples: mergeSamples(held, lane.samples) };
}

/** Samples in order of time, each time once, the later word winning, without what is too old. */
export function mergeSamples(
  held: readonly LaneSample[],
  changed: readonly LaneSample[],
): readonly LaneSample[] {
  const first = changed[0];
  if (first === undefined) return held;
  const byTime = new Map(
    held
      .filter(({ timeUnixMs }) => timeUnixMs >= first.timeUnixMs)
      .map((sample) => [sample.timeUnixMs, sample]),
  );
  for (const sample of changed) byTime.set(sample.timeUnixMs, sample);
  const tail = [...byTime.values()].sort((left, right) => left.timeUnixMs - right.timeUnixMs);
  const newest = tail.at(-1)?.timeUnixMs ?? 0;
  const head = held.filter(
    ({ timeUnixMs }) => timeUnixMs < first.timeUnixMs && timeUnixMs >= newest - windowMs,
  );
  return [...head, ...tail];
}
