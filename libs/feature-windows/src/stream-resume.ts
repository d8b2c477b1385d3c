import type { Sample } from '@levitate/series';
import type { FollowBatch, LinkSummary } from './feature-windows.ts';
import { type TableBounds, WindowTable } from './window-table.ts';

/**
 * What a follower has had of each link, kept over connections, so that the backlog of the next
 * one yields what was missed, nothing twice, and a count of what is gone for good. A pure state
 * machine.
 */
export class StreamResume {
  readonly #table: WindowTable;
  readonly #newest = new Map<string, { sample: Sample; connection: number }>();
  /** Up to here a link's samples are older than the follower's start and not for it. */
  readonly #startUnixMs = new Map<string, number>();
  #connection = 0;

  constructor(bounds: Partial<TableBounds> = {}) {
    this.#table = new WindowTable({ ...bounds, linksMax: bounds.linksMax ?? followedLinksMax });
  }

  /** A follower that wants no backlog: what stands at its start counts as had. */
  startAt(links: readonly LinkSummary[], nowMs: number): void {
    for (const { link, origin, newestUnixMs } of links) {
      const sample: Sample = { link, origin, timeUnixMs: newestUnixMs };
      this.#table.append([sample], nowMs);
      this.#newest.set(link, { sample, connection: this.#connection });
      this.#startUnixMs.set(link, newestUnixMs);
    }
  }

  /** Whether there was a connection before. */
  get isStarted(): boolean {
    return this.#connection > 0;
  }

  /** A new connection, whose first samples are the backlog. */
  connected(): void {
    this.#connection += 1;
  }

  /**
   * @param nowMs monotonic, milliseconds
   * @returns what is new, and how many samples are gone between what was had and what came
   */
  take(samples: readonly Sample[], nowMs: number): FollowBatch {
    const fresh: Sample[] = [];
    let lost = 0;
    for (const sample of samples) {
      lost += this.#lostBefore(sample);
      const outcome = this.#table.append([sample], nowMs);
      if (outcome.refused > 0) lost += 1;
      if (outcome.accepted === 0) continue;
      const isNewest = this.#table.window(sample.link)?.newest === sample;
      if (isNewest) this.#newest.set(sample.link, { sample, connection: this.#connection });
      if (isNewest || sample.timeUnixMs > this.#start(sample.link)) fresh.push(sample);
    }
    return { samples: fresh, lost };
  }

  #start(link: string): number {
    return this.#startUnixMs.get(link) ?? Number.NEGATIVE_INFINITY;
  }

  /** Only the first sample of a link on a new connection can tell. */
  #lostBefore(sample: Sample): number {
    const had = this.#newest.get(sample.link);
    if (had === undefined || had.connection === this.#connection) return 0;
    const isFirstConnection = had.connection === 0;
    had.connection = this.#connection;
    return isFirstConnection ? 0 : samplesBetween(had.sample, sample);
  }
}

/** Links a follower keeps account of; the most a telemetry may be configured to hold. */
const followedLinksMax = 10_000;

/**
 * Samples missing between the last one had and the first of a backlog. By sequence where there is
 * one; a source that started again numbers from 1. A backlog that reaches back to what was had
 * leaves none missing.
 */
export function samplesBetween(had: Sample, first: Sample): number {
  if (had.sequence !== undefined && first.sequence !== undefined) {
    if (first.sequence > had.sequence) return first.sequence - had.sequence - 1;
    return first.timeUnixMs > had.timeUnixMs ? Math.max(0, first.sequence - 1) : 0;
  }
  const elapsedMs = first.timeUnixMs - had.timeUnixMs;
  const intervalMs = first.intervalMs ?? had.intervalMs ?? 100;
  return elapsedMs <= 0 ? 0 : Math.max(0, Math.round(elapsedMs / intervalMs) - 1);
}
