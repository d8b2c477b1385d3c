import { setTimeout as delay } from 'node:timers/promises';
import { reconnecting } from '@levitate/grpc-kit';
import type { Sample, TimedSample } from '@levitate/series';
import type { FollowBatch } from './feature-windows.ts';

/** @see keepFollowing */
export interface KeepFollowingOptions<S extends TimedSample = Sample> {
  /** Opens a follower; it may read first what the follower does not bring. */
  readonly open: (signal: AbortSignal) => AsyncIterable<FollowBatch<S>>;
  /** Where it gives a promise, the next batch waits for it. */
  readonly take: (batch: FollowBatch<S>) => void | Promise<void>;
  /** Told why a follower, or `take`, failed. */
  readonly onDown: (error: unknown) => void;
  readonly signal: AbortSignal;
  /** First and longest wait before the next follower, milliseconds. Default 100 and 1,000. */
  readonly waitMs?: { readonly first: number; readonly longest: number } | undefined;
}

/**
 * Follows windows until the signal aborts, and resolves then, whatever happened on the way: a
 * follower that ends or fails is opened again. So is one that was refused for good: the telemetry
 * that refused may be one of another release, and may be replaced.
 */
export async function keepFollowing<S extends TimedSample = Sample>(
  options: KeepFollowingOptions<S>,
): Promise<void> {
  const { open, take, onDown, signal, waitMs = { first: 100, longest: 1_000 } } = options;
  while (!signal.aborted) {
    try {
      const batches = reconnecting({ open, signal, onDown, waitMs });
      for await (const batch of batches) await take(batch);
    } catch (error) {
      onDown(error);
      await delay(waitMs.longest, undefined, { signal }).catch(() => {});
    }
  }
}
