import type { SortedWindow } from '@levitate/series';

/**
 * The least value that the next residual stays at or below with probability `q`, if it is like
 * those of the window: the ceil((n + 1) q)-th of n, as in split conformal prediction (Lei et al.,
 * JASA 113, 2018). A window too short to say (n + 1 < 1 / (1 - q)) gives its largest, an empty one
 * `undefined`.
 */
export function conformalQuantile(window: SortedWindow, q: number): number | undefined {
  const { count } = window;
  const rank = Math.min(count, Math.max(1, Math.ceil((count + 1) * q - ROUNDING)));
  return window.quantile(count > 1 ? (rank - 1) / (count - 1) : 0);
}

/** (99 + 1) x 0.99 is 99 and a rounding error more, which must not become rank 100. */
const ROUNDING = 1e-9;
