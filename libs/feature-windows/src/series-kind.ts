import type { telemetry } from '@levitate/contracts';
import type { Client } from '@levitate/grpc-kit';
import type { TimedSample } from '@levitate/series';
import type { AppendOutcome, FollowBatch, SeriesSummary } from './feature-windows.ts';
import type { MemoryBounds } from './window-bounds.ts';

/**
 * What the windows must know of the samples they hold, and all they know: `linkSeries` and
 * `pathSeries` are the two there are.
 */
export interface SeriesKind<S extends TimedSample> {
  /** What the names are names of, as metrics, logs and errors say it. */
  readonly noun: 'link' | 'path';
  /** The link, or path, that the sample is of. */
  nameOf(sample: S): string;
  /** A sample in which nothing was measured: it marks a place in a window. */
  blank(name: string, at: Pick<TimedSample, 'timeUnixMs' | 'origin'>): S;
  /** Bounds of windows that are given no others. */
  readonly bounds: Readonly<MemoryBounds>;
  /** Length of an interval where the samples do not say, milliseconds. */
  readonly intervalMs: number;
  readonly entry: EntryFormat<S>;
  /** The telemetry service's calls for such samples. */
  calls(client: Client<telemetry.TelemetryServiceMethods>): SeriesCalls<S>;
}

/** How samples stand in Redis. */
export interface EntryFormat<S extends TimedSample> {
  /** Last parts of the keys, behind the prefix. */
  readonly keys: {
    /** Of a stream of samples, before the name. */
    readonly samples: string;
    readonly names: string;
    readonly announcements: string;
  };
  /** Field of an entry: the message's full name, which carries its version. */
  readonly field: string;
  encode(sample: S): Buffer;
  /**
   * `undefined` for a message that holds what cannot be.
   *
   * @throws Error when the bytes are not such a message
   */
  decode(bytes: Buffer): S | undefined;
}

/** What can be asked of a telemetry service; each throws `RpcError`. */
export interface SeriesCalls<S extends TimedSample> {
  /** @param samples at most 1,000 */
  push(samples: readonly S[], options: { signal: AbortSignal }): Promise<AppendOutcome>;
  read(name: string, options: { signal: AbortSignal }): Promise<S[]>;
  list(options: { signal: AbortSignal }): Promise<SeriesSummary[]>;
  stream(
    request: { names: readonly string[]; backlog: boolean },
    options: { signal: AbortSignal },
  ): AsyncIterable<FollowBatch<S>>;
}
