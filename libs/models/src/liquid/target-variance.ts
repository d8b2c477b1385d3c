import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import type { PathExample } from './path-examples.ts';
import { CHANGE_MAX } from './path-features.ts';

/**
 * Variance of the training targets of each second ahead, in the square of the path's trailing level
 * (what a member's output is in): the measure of disagreement that coherence is counted against. A
 * target beyond what an input can show counts as that: a few paths that wake from silence, and are
 * then ten thousand times their level, would else be all of the variance (it was 1e5, not 0.5).
 */
export function targetVariance(examples: readonly PathExample[]): number[] {
  const count = new Float64Array(HORIZON);
  const sum = new Float64Array(HORIZON);
  const squares = new Float64Array(HORIZON);
  for (const { steps, actual, base, scale } of examples) {
    for (let t = 0; t < steps; t++) {
      for (let k = 0; k < HORIZON; k++) {
        const value = actual[t * HORIZON + k] as number;
        if (Number.isNaN(value)) continue;
        const whole = (value - (base[t] as number)) / (scale[t] as number);
        const target = Math.max(-CHANGE_MAX, Math.min(CHANGE_MAX, whole));
        count[k] = (count[k] as number) + 1;
        sum[k] = (sum[k] as number) + target;
        squares[k] = (squares[k] as number) + target * target;
      }
    }
  }
  return Array.from(count, (seen, k) => {
    const mean = (sum[k] as number) / seen;
    return (squares[k] as number) / seen - mean * mean;
  });
}
