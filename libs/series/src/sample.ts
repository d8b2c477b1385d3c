import type { TimedSample } from './timed-sample.ts';

/**
 * One interval of one link, usually 100 ms. A value that was not measured is `undefined`, never
 * zero: a reader must be able to tell an idle link from a blind one.
 */
export interface Sample extends TimedSample {
  /** Name of the link, unique in the deployment. */
  link: string;
  /** Arrivals at the queue, dropped ones included, mean over the interval. */
  throughputBytesPerSecond?: number | undefined;
  /** Arrivals at the queue, dropped ones included, mean over the interval. */
  packetsPerSecond?: number | undefined;
  /** Largest mean arrival rate over any 10 ms of the interval. */
  throughputPeakBytesPerSecond?: number | undefined;
  /** Queue at the end of the interval. */
  queueBytes?: number | undefined;
  /** Queue at the end of the interval. */
  queuePackets?: number | undefined;
  /** High-water mark of the queue within the interval. */
  queueHighWaterBytes?: number | undefined;
  /** Queueing delay, quantiles over the interval, seconds. */
  latencyP50Seconds?: number | undefined;
  latencyP95Seconds?: number | undefined;
  latencyP99Seconds?: number | undefined;
  /** New connections per second. */
  connectionsPerSecond?: number | undefined;
  /** Dropped within the interval. */
  droppedPackets?: number | undefined;
  droppedBytes?: number | undefined;
  /** Queue limit in force at the end of the interval. */
  limitBytes?: number | undefined;
  /** Rate at which the queue drains while it is not empty. */
  drainBytesPerSecond?: number | undefined;
}

/**
 * The room the interval asked of the queue, bytes: its high-water mark plus what was dropped
 * because there was no more (SPEC 4.2). `undefined` where neither was measured.
 */
export function needBytes(sample: Sample): number | undefined {
  const highWater = sample.queueHighWaterBytes ?? sample.queueBytes;
  if (highWater === undefined && sample.droppedBytes === undefined) return undefined;
  return (highWater ?? 0) + (sample.droppedBytes ?? 0);
}
