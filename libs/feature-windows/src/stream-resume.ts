import type { TimedSample } from '@levitate/series';
import type { FollowBatch, SeriesSummary } from './feature-windows.ts';
import type { SeriesKind } from './series-kind.ts';
import type { TableBounds } from './window-bounds.ts';
import { WindowTable } from './window-table.ts';

/**
 * What a follower has had of each link or path, kept over connections, so that the backlog of the
 * next one yields what was missed, nothing twice, and a count of what is gone for good. A pure
 * state machine.
 */
export class StreamResume<S extends TimedSample> {
  readonly #kind: SeriesKind<S>;
  readonly #table: WindowTable<S>;
  readonly #newest = new Map<string, { sample: S; connection: number }>();
  /** Up to here the samples are older than the follower's start and not for it. */
  readonly #startUnixMs = new Map<string, number>();
  #connection = 0;

  constructor({ kind, ...bounds }: { kind: SeriesKind<S> } & Partial<TableBounds>) {
    this.#kind = kind;
    this.#table = new WindowTable({ kind, seriesMax: followedSeriesMax, ...bounds });
  }

  /** A follower that wants no backlog: what stands at its start counts as had. */
  startAt(series: readonly SeriesSummary[], nowMs: number): void {
    for (const { name, origin, newestUnixMs } of series) {
      const sample = this.#kind.blank(name, { timeUnixMs: newestUnixMs, origin });
      this.#table.append([sample], nowMs);
      this.#newest.set(name, { sample, connection: this.#connection });
      this.#startUnixMs.set(name, newestUnixMs);
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
  take(samples: readonly S[], nowMs: number): FollowBatch<S> {
    const fresh: S[] = [];
    let lost = 0;
    for (const sample of samples) {
      const name = this.#kind.nameOf(sample);
      lost += this.#lostBefore(name, sample);
      const outcome = this.#table.append([sample], nowMs);
      if (outcome.refused > 0) lost += 1;
      if (outcome.accepted === 0) continue;
      const isNewest = this.#table.window(name)?.newest === sample;
      if (isNewest) this.#newest.set(name, { sample, connection: this.#connection });
      if (isNewest || sample.timeUnixMs > this.#start(name)) fresh.push(sample);
    }
    return { samples: fresh, lost };
  }

  #start(name: string): number {
    return this.#startUnixMs.get(name) ?? Number.NEGATIVE_INFINITY;
  }

  /** Only the first sample of a name on a new connection can tell. */
  #lostBefore(name: string, sample: S): number {
    const had = this.#newest.get(name);
    if (had === undefined || had.connection === this.#connection) return 0;
    const isFirstConnection = had.connection === 0;
    had.connection = this.#connection;
    return isFirstConnection ? 0 : samplesBetween(had.sample, sample, this.#kind.intervalMs);
  }
}

/** Links or paths a follower keeps account of; the most a telemetry may be configured to hold. */
const followedSeriesMax = 10_000;

/**
 * Samples missing between the last one had and the first of a backlog. By sequence where there is
 * one; a source that started again numbers from 1. A backlog that reaches back to what was had
 * leaves none missing.
 *
 * @param intervalMsDefault assumed where neither says, milliseconds; default that of a link
 */
export function samplesBetween(
  had: TimedSample,
  first: TimedSample,
  intervalMsDefault = 100,
): number {
  if (had.sequence !== undefined && first.sequence !== undefined) {
    if (first.sequence > had.sequence) return first.sequence - had.sequence - 1;
    return first.timeUnixMs > had.timeUnixMs ? Math.max(0, first.sequence - 1) : 0;
  }
  const elapsedMs = first.timeUnixMs - had.timeUnixMs;
  const intervalMs = first.intervalMs ?? had.intervalMs ?? intervalMsDefault;
  return elapsedMs <= 0 ? 0 : Math.max(0, Math.round(elapsedMs / intervalMs) - 1);
}
