import type { PathSample } from '@levitate/series';
import { z } from 'zod';
import { HORIZON_STEPS, STEP_MS, WINDOW_STEPS } from '../bandwidth/path-window.ts';

const bytesPerSecond = z.number().min(0).max(1e15);
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish();

/**
 * Body of `POST /api/predict/bandwidth`: the newest samples of one path, a second apart, oldest
 * first. A row is `[bandwidth, latency, packet loss, time of day, day of week]` or an object; what
 * was not measured is null. Bandwidth in Mbit/s, latency in ms, loss 0 to 1, as NovaCron sends
 * them; time is read from the clock, so the last two of a row are not looked at.
 */
export const bandwidthRequest = z.strictObject({
  features: z
    .array(
      z.union([
        z.array(z.number().nullable()).min(1).max(5),
        z.looseObject({
          bandwidth: optional(bytesPerSecond),
          latency: optional(z.number().min(0).max(3.6e6)),
          packet_loss: optional(z.number().min(0).max(1)),
        }),
      ]),
    )
    .min(1)
    .max(1_000),
  horizon: z.int().min(1).max(HORIZON_STEPS).default(HORIZON_STEPS),
});

/** @see bandwidthRequest */
export type BandwidthRequest = z.output<typeof bandwidthRequest>;

/** The samples in a request's features, ending now. */
export function samplesOf({ features }: BandwidthRequest, nowUnixMs: number): PathSample[] {
  return features.slice(-WINDOW_STEPS).map((row, index, { length }) => {
    const [bandwidth, latency, loss] = Array.isArray(row)
      ? row
      : [row.bandwidth, row.latency, row.packet_loss];
    return {
      path: 'facade',
      origin: 'push',
      timeUnixMs: nowUnixMs - (length - 1 - index) * STEP_MS,
      intervalMs: STEP_MS,
      bandwidthBytesPerSecond: scaled(bandwidth, MBIT),
      roundTripSeconds: scaled(latency, 1e-3),
      lossRatio: scaled(loss, 1),
    };
  });
}

function scaled(value: number | null | undefined, factor: number): number | undefined {
  return typeof value === 'number' ? value * factor : undefined;
}

/** Bytes in a megabit. */
export const MBIT = 125_000;
