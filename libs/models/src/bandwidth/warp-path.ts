import type { SeededRandom } from '@levitate/clock';
import type { PathSeries } from './bandwidth-trace.ts';

/** How far the stretches that a network learns from are moved away from their traces. */
export interface PathWarp {
  /** The level is moved by up to so many decades, up or down. */
  decades: number;
  /** Swings around the mean are raised to a power of up to two to this, or one over it. */
  octaves: number;
}

/** A stretch as another path might have carried it. */
export interface WarpedStretch {
  bandwidth: Float64Array;
  /** What the level was multiplied by. */
  scale: number;
}

/**
 * A stretch on another level and with larger or smaller swings: few traces are learned by heart by
 * their level alone, and what comes after a swing does not depend on its exact size.
 * @param bandwidth bytes/s by the second; NaN, not measured, stays NaN
 * @param options.known seconds whose mean the swings are counted around
 */
export function warpPath(
  bandwidth: PathSeries['bandwidthBytesPerSecond'],
  options: { warp: PathWarp; known: { from: number; to: number }; random: SeededRandom },
): WarpedStretch {
  const { warp, known, random } = options;
  const scale = 10 ** (warp.decades * random.uniform(-1, 1));
  const power = 2 ** (warp.octaves * random.uniform(-1, 1));
  const mean = Math.max(1, meanOf(bandwidth.subarray(known.from, known.to)));
  const warped = bandwidth.map((value) => scale * mean * Math.max(0, value / mean) ** power);
  return { bandwidth: warped, scale };
}

/** Of what was measured; 0 where nothing was. */
function meanOf(values: Float64Array): number {
  const measured = values.filter(Number.isFinite);
  return measured.reduce((sum, value) => sum + value, 0) / Math.max(1, measured.length);
}
