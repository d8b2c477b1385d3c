import type { TimedSample } from '@levitate/series';
import type { AppendOutcome, SeriesSummary } from './feature-windows.ts';
import { SampleWindow } from './sample-window.ts';
import type { SeriesKind } from './series-kind.ts';
import type { TableBounds } from './window-bounds.ts';

/** `AppendOutcome` with the samples themselves. */
export interface TableOutcome<S extends TimedSample> extends AppendOutcome {
  /** The accepted samples, in the order they were offered. */
  taken: S[];
}

/** The windows of all links, or paths; a pure state machine like the windows in it. */
export class WindowTable<S extends TimedSample> {
  readonly #kind: SeriesKind<S>;
  readonly #bounds: TableBounds;
  /** Ordered by last arrival, nearly, so that the longest silent comes first. */
  readonly #windows = new Map<string, Place<S>>();

  constructor({ kind, ...bounds }: { kind: SeriesKind<S> } & Partial<TableBounds>) {
    this.#kind = kind;
    this.#bounds = { ...kind.bounds, ...bounds };
  }

  /** @param nowMs monotonic, milliseconds */
  append(samples: readonly S[], nowMs: number): TableOutcome<S> {
    const outcome: TableOutcome<S> = { accepted: 0, duplicate: 0, late: 0, refused: 0, taken: [] };
    for (const sample of samples) {
      const window = this.#windowOf(this.#kind.nameOf(sample), nowMs);
      const verdict = window?.append(sample, nowMs) ?? 'refused';
      outcome[verdict] += 1;
      if (verdict === 'accepted') outcome.taken.push(sample);
    }
    return outcome;
  }

  window(name: string): SampleWindow<S> | undefined {
    return this.#windows.get(name)?.window;
  }

  /** In order. */
  names(): string[] {
    return [...this.#windows.keys()].sort();
  }

  /** By name. */
  summaries(): SeriesSummary[] {
    return this.names().flatMap((name) => {
      const window = this.window(name);
      const newest = window?.newest;
      if (window === undefined || newest === undefined) return [];
      const { origin, timeUnixMs } = newest;
      return [{ name, origin, newestUnixMs: timeUnixMs, ...window.counters }];
    });
  }

  #windowOf(name: string, nowMs: number): SampleWindow<S> | undefined {
    const known = this.#windows.get(name);
    if (known !== undefined) {
      const { seriesIdleMs } = this.#bounds;
      if (nowMs - known.arrivedMs >= seriesIdleMs / touchesMax) this.#touch(name, known, nowMs);
      return known.window;
    }
    if (this.#windows.size >= this.#bounds.seriesMax && !this.#evictIdle(nowMs)) return undefined;
    const window = new SampleWindow<S>({ ...this.#bounds, intervalMs: this.#kind.intervalMs });
    this.#windows.set(name, { window, arrivedMs: nowMs });
    return window;
  }

  #touch(name: string, known: Place<S>, nowMs: number): void {
    known.arrivedMs = nowMs;
    this.#windows.delete(name);
    this.#windows.set(name, known);
  }

  #evictIdle(nowMs: number): boolean {
    const longestSilent = this.#windows.entries().next().value;
    if (longestSilent === undefined) return false;
    const [name, { arrivedMs }] = longestSilent;
    if (nowMs - arrivedMs <= this.#bounds.seriesIdleMs) return false;
    return this.#windows.delete(name);
  }
}

/**
 * How often at most an arrival is noted while a link could become idle: a map of which 10,000
 * entries a second are taken out and put back is made anew ten times a second.
 */
const touchesMax = 60;

interface Place<S extends TimedSample> {
  readonly window: SampleWindow<S>;
  /** Monotonic, milliseconds. */
  arrivedMs: number;
}
