import type { Sample } from '@levitate/series';
import type { AppendOutcome, LinkSummary } from './feature-windows.ts';
import { defaultWindowBounds, LinkWindow, type WindowBounds } from './link-window.ts';

/** The bounds of a table of windows. */
export interface TableBounds extends WindowBounds {
  /** Most links with a window. Default 1,000. */
  linksMax: number;
  /**
   * A link that was silent for longer gives its place to a new one when all places are taken,
   * milliseconds. Default 60,000: by then its window holds nothing current.
   */
  linkIdleMs: number;
}

/** Suits one telemetry process on one core (SPEC 2: 1,000 links at 10 Hz). */
export const defaultTableBounds: TableBounds = {
  ...defaultWindowBounds,
  linksMax: 1000,
  linkIdleMs: 60_000,
};

/** `AppendOutcome` with the samples themselves. */
export interface TableOutcome extends AppendOutcome {
  /** The accepted samples, in the order they were offered. */
  taken: Sample[];
}

/** The windows of all links; a pure state machine like the windows in it. */
export class WindowTable {
  readonly #bounds: TableBounds;
  /** Ordered by last arrival, so that the longest silent link comes first. */
  readonly #windows = new Map<string, { window: LinkWindow; arrivedMs: number }>();

  constructor(bounds: Partial<TableBounds> = {}) {
    this.#bounds = { ...defaultTableBounds, ...bounds };
  }

  /** @param nowMs monotonic, milliseconds */
  append(samples: readonly Sample[], nowMs: number): TableOutcome {
    const outcome: TableOutcome = { accepted: 0, duplicate: 0, late: 0, refused: 0, taken: [] };
    for (const sample of samples) {
      const window = this.#windowOf(sample.link, nowMs);
      const verdict = window?.append(sample, nowMs) ?? 'refused';
      outcome[verdict] += 1;
      if (verdict === 'accepted') outcome.taken.push(sample);
    }
    return outcome;
  }

  window(link: string): LinkWindow | undefined {
    return this.#windows.get(link)?.window;
  }

  /** By name. */
  links(): string[] {
    return [...this.#windows.keys()].sort();
  }

  /** By name. */
  summaries(): LinkSummary[] {
    return this.links().flatMap((link) => {
      const window = this.window(link);
      const newest = window?.newest;
      if (window === undefined || newest === undefined) return [];
      const { origin, timeUnixMs } = newest;
      return [{ link, origin, newestUnixMs: timeUnixMs, ...window.counters }];
    });
  }

  #windowOf(link: string, nowMs: number): LinkWindow | undefined {
    const known = this.#windows.get(link);
    if (known !== undefined) {
      if (known.arrivedMs !== nowMs) this.#touch(link, known, nowMs);
      return known.window;
    }
    if (this.#windows.size >= this.#bounds.linksMax && !this.#evictIdle(nowMs)) return undefined;
    const window = new LinkWindow(this.#bounds);
    this.#windows.set(link, { window, arrivedMs: nowMs });
    return window;
  }

  #touch(link: string, known: { window: LinkWindow; arrivedMs: number }, nowMs: number): void {
    known.arrivedMs = nowMs;
    this.#windows.delete(link);
    this.#windows.set(link, known);
  }

  #evictIdle(nowMs: number): boolean {
    const longestSilent = this.#windows.entries().next().value;
    if (longestSilent === undefined) return false;
    const [link, { arrivedMs }] = longestSilent;
    if (nowMs - arrivedMs <= this.#bounds.linkIdleMs) return false;
    return this.#windows.delete(link);
  }
}
