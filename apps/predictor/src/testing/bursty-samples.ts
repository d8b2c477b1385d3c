import type { Sample } from '@levitate/series';

/** Any wall clock that looks like one. */
export const startUnixMs = 1_700_000_000_000;

/**
 * For tests: 10 Hz samples of a link that carries 1 MB/s, and 12 MB/s for a second at the start of
 * every period but the first.
 */
export function burstySamples(options: {
  link?: string;
  seconds: number;
  periodS?: number;
  fromUnixMs?: number;
}): Sample[] {
  const { link = 'a', seconds, periodS = 15, fromUnixMs = startUnixMs } = options;
  return Array.from({ length: seconds * 10 }, (_, index) => {
    const atS = index / 10;
    const inBurst = atS >= periodS && atS % periodS < 1;
    const rate = inBurst ? 12e6 : 1e6 + 2e4 * Math.sin(index * 1.7);
    return {
      link,
      origin: 'push',
      sequence: index + 1,
      timeUnixMs: fromUnixMs + (index + 1) * 100,
      intervalMs: 100,
      throughputBytesPerSecond: rate,
      packetsPerSecond: rate / 1000,
      queueBytes: inBurst ? 1e5 : 0,
      queueHighWaterBytes: inBurst ? 2e5 : 0,
      droppedBytes: 0,
      drainBytesPerSecond: 8e6,
    };
  });
}
