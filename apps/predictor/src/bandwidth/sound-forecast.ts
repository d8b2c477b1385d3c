import type { Band } from '@levitate/forecast';
import type { PathForecast, PathWindow } from '@levitate/models';

/** One step ahead, bytes/s. */
export interface BandwidthStep extends Band {
  mean: number;
}

/**
 * A model's forecast as it may leave the service: never a NaN, never below 0, quantiles in order,
 * nothing beyond `GROWTH_MAX` times the most the window shows.
 * @returns undefined where the model answered nonsense
 */
export function soundForecast(
  { mean, q10, q50, q90 }: PathForecast,
  window: PathWindow,
): BandwidthStep[] | undefined {
  const bound = growthBound(window);
  const steps: BandwidthStep[] = [];
  for (let index = 0; index < mean.length; index++) {
    const step = [mean[index], q10[index], q50[index], q90[index]];
    if (!step.every((value) => Number.isFinite(value))) return undefined;
    const [middle, ...quantiles] = step.map((value) => clamp(value ?? 0, bound));
    const [low = 0, centre = 0, high = 0] = quantiles.sort((one, other) => one - other);
    steps.push({ mean: middle ?? 0, q10: low, q50: centre, q90: high });
  }
  return steps.length === 0 ? undefined : steps;
}

/** The same for the bands of a baseline, whose mean is its middle. */
export function soundBands(bands: readonly Band[], window: PathWindow): BandwidthStep[] {
  const bound = growthBound(window);
  return bands.map((band) => {
    const q50 = clamp(band.q50, bound);
    return { mean: q50, q10: clamp(band.q10, bound), q50, q90: clamp(band.q90, bound) };
  });
}

function growthBound({ bandwidth }: PathWindow): number {
  let most = 0;
  for (const value of bandwidth) if (value > most) most = value;
  return GROWTH_MAX * most;
}

function clamp(value: number, bound: number): number {
  return Math.min(bound, Math.max(0, value));
}

const GROWTH_MAX = 10;
