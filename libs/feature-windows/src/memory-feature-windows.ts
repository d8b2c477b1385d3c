import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';
import type {
  AppendOutcome,
  FeatureWindows,
  FollowBatch,
  FollowOptions,
  LinkSummary,
} from './feature-windows.ts';
import { Followers } from './followers.ts';
import { defaultTableBounds, type TableBounds, WindowTable } from './window-table.ts';

/** Bounds of windows in memory. */
export interface MemoryBounds extends TableBounds {
  /**
   * What one follower may have waiting before its oldest are dropped and counted, samples.
   * Default 100,000: ten seconds of 1,000 links at 10 Hz, the time a backlog of them may take.
   */
  followerSamplesMax: number;
}

/** Suits one telemetry process on one core. */
export const defaultMemoryBounds: MemoryBounds = {
  ...defaultTableBounds,
  followerSamplesMax: 100_000,
};

/**
 * Windows in this process's memory: at the default bounds and all values measured, about 0.3 MB a
 * link. Lost when the process ends; whoever follows over gRPC sees that as a gap.
 */
export class MemoryFeatureWindows implements FeatureWindows {
  readonly #clock: Clock;
  readonly #table: WindowTable;
  readonly #followers: Followers;
  #isClosed = false;

  constructor(options: { clock: Clock } & Partial<MemoryBounds>) {
    const { clock, ...bounds } = options;
    this.#clock = clock;
    this.#table = new WindowTable(bounds);
    this.#followers = new Followers(
      bounds.followerSamplesMax ?? defaultMemoryBounds.followerSamplesMax,
    );
  }

  async append(samples: readonly Sample[]): Promise<AppendOutcome> {
    const { taken: _, ...outcome } = this.take(samples);
    return outcome;
  }

  /**
   * As `append`, at once, and with the accepted samples themselves.
   *
   * @throws FeatureWindowsError `closed`
   */
  take(samples: readonly Sample[]): AppendOutcome & { taken: Sample[] } {
    if (this.#isClosed) throw new FeatureWindowsError('closed', 'the windows are closed');
    const outcome = this.#table.append(samples, this.#clock.monotonicMs());
    if (outcome.taken.length > 0) this.#followers.publish(outcome.taken);
    return outcome;
  }

  /** Takes what another process appended, and tells followers what it lost of that. */
  mirror(samples: readonly Sample[], lost: number): void {
    if (this.#isClosed) return;
    this.#followers.lose(lost);
    this.take(samples);
  }

  newest(link: string): Sample | undefined {
    return this.#table.window(link)?.newest;
  }

  async read(link: string): Promise<Sample[]> {
    return this.#table.window(link)?.read() ?? [];
  }

  async links(): Promise<LinkSummary[]> {
    return this.#table.summaries();
  }

  /** Readers that follow at present. */
  get followers(): number {
    return this.#followers.size;
  }

  follow(options: FollowOptions): AsyncIterable<FollowBatch> {
    const wanted = options.links?.length ? options.links : this.#table.links();
    const backlog = options.backlog
      ? wanted.flatMap((link) => this.#table.window(link)?.read() ?? [])
      : [];
    return this.#followers.follow(options, backlog);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#followers.close();
  }
}
