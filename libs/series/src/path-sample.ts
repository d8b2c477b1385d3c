import type { TimedSample } from './timed-sample.ts';

/**
 * One interval, usually a second, of one path: from a node to a peer (SPEC 2). A value that was
 * not measured is `undefined`, never zero: a path without loss is not one nobody watched.
 */
export interface PathSample extends TimedSample {
  /** Name of the path, unique in the deployment. */
  path: string;
  /** What the path delivered to the peer, or was found able to, mean over the interval. */
  bandwidthBytesPerSecond?: number | undefined;
  /** Time to the peer and back: smoothed by its sender (RFC 6298), or the interval's mean. */
  roundTripSeconds?: number | undefined;
  /** Lost of what was sent in the interval, 0 to 1. */
  lossRatio?: number | undefined;
}
