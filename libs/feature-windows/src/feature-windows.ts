import type { Sample, SampleOrigin, TimedSample } from '@levitate/series';

/**
 * The windows of all links, or of all paths: what telemetry writes and every other service reads
 * (SPEC 2). Three implementations keep the same promises and pass the same conformance test: in
 * memory, over gRPC and in Redis streams.
 *
 * - A window is ordered by time, holds one sample per time, and is bounded in time and in samples.
 * - Missing stays missing: no implementation invents a sample or a value.
 * - Duplicates and samples older than the window are counted and not kept; a sample out of order
 *   goes to its place.
 */
export interface FeatureWindows<S extends TimedSample = Sample> {
  /**
   * Offers samples of any links or paths, oldest first within each.
   *
   * @throws FeatureWindowsError `unavailable` where the windows are remote and cannot be reached.
   */
  append(samples: readonly S[]): Promise<AppendOutcome>;

  /**
   * The window of one link or path, oldest first; empty for one that is not known.
   *
   * @throws FeatureWindowsError `unavailable` where the windows are remote and cannot be reached.
   */
  read(name: string): Promise<S[]>;

  /**
   * Every link or path that has a window, with its counters, by name.
   *
   * @throws FeatureWindowsError `unavailable` where the windows are remote and cannot be reached.
   */
  summaries(): Promise<SeriesSummary[]>;

  /** The windows' growth. Ends, without an error, when the signal aborts or the windows close. */
  follow(options: FollowOptions): AsyncIterable<FollowBatch<S>>;

  /** Ends every follower and gives connections back. A second call does nothing. */
  close(): Promise<void>;
}

/** What became of the samples of one append; the four counts add up to what was offered. */
export interface AppendOutcome {
  accepted: number;
  /** The window holds a sample of that name and time already. */
  duplicate: number;
  /** Older than what the window may hold. */
  late: number;
  /** Of a new link or path, while as many as the bound allows are in use. */
  refused: number;
}

/** What is known of one link or path. The counters run since the windows were made. */
export interface SeriesSummary {
  /** Of the link or path. */
  name: string;
  /** Of the newest sample. */
  origin: SampleOrigin;
  newestUnixMs: number;
  /** Accepted. */
  samples: number;
  duplicate: number;
  late: number;
  /** Holes: how often the next sample was not the next one. */
  gaps: number;
  /** Accepted, but not as the newest. */
  outOfOrder: number;
  /** Steps of the source's clock that were seen, either way. */
  clockSteps: number;
}

/** What to follow, and for how long. */
export interface FollowOptions {
  /** Links or paths to follow; none or an empty list follows all, those to come included. */
  names?: readonly string[] | undefined;
  /** Start with what the windows hold. */
  backlog: boolean;
  signal: AbortSignal;
}

/** New samples in the order of their arrival. */
export interface FollowBatch<S extends TimedSample = Sample> {
  samples: S[];
  /** Samples this follower lost since its previous batch, because it or its connection was slow. */
  lost: number;
}

/** Largest batch a follower gets and an append sends in one message, samples. */
export const batchSamplesMax = 1000;
