import type { PathSample, Sample, TimedSample } from '@levitate/series';
import type { FeatureWindows } from '../feature-windows.ts';
import { linkSeries } from '../link-series.ts';
import { pathSeries } from '../path-series.ts';
import type { SeriesKind } from '../series-kind.ts';
import type { MemoryBounds } from '../window-bounds.ts';
import type { ServedWindows } from './serve-windows.ts';

/** What the conformance test must know of the samples it makes; a step is an interval. */
export interface SeriesUnderTest<S extends TimedSample> {
  kind: SeriesKind<S>;
  /** Bounds that a test can reach: ten intervals, three names, a hundred samples waiting. */
  bounds: MemoryBounds;
  /** A numbered sample of which nothing was measured. */
  at(name: string, step: number, over?: Partial<S>): S;
  /** Some values, one of them zero, and not all. */
  measured: Partial<S>;
  /** As a server of windows takes them. */
  served(windows: FeatureWindows<S>): Partial<ServedWindows>;
}

/** When step 0 of every sample made here ends, milliseconds since 1970. */
export const startUnixMs = 1_700_000_000_000;

const bounds = { samplesMax: 10, seriesMax: 3, seriesIdleMs: 60_000, followerSamplesMax: 100 };

/** Links, at 10 Hz. */
export const linksUnderTest: SeriesUnderTest<Sample> = {
  kind: linkSeries,
  bounds: { ...bounds, spanMs: 1000 },
  at: (link, step, over = {}) => ({
    link,
    origin: 'push',
    sequence: step + 1000,
    timeUnixMs: startUnixMs + step * 100,
    intervalMs: 100,
    ...over,
  }),
  measured: { queueBytes: 0, latencyP99Seconds: 0.25, origin: 'kernel' },
  served: (links) => ({ links }),
};

/** Paths, at 1 Hz. */
export const pathsUnderTest: SeriesUnderTest<PathSample> = {
  kind: pathSeries,
  bounds: { ...bounds, spanMs: 10_000 },
  at: (path, step, over = {}) => ({
    path,
    origin: 'push',
    sequence: step + 1000,
    timeUnixMs: startUnixMs + step * 1000,
    intervalMs: 1000,
    ...over,
  }),
  measured: { lossRatio: 0, roundTripSeconds: 0.125, origin: 'replay' },
  served: (paths) => ({ paths }),
};

/** The steps of samples made here. */
export function stepsOf(samples: readonly TimedSample[]): number[] {
  return samples.map((sample) => (sample.timeUnixMs - startUnixMs) / (sample.intervalMs ?? 100));
}
