/** Gains of the proportional (H) and the damping (D) term of the reactive law. */
export interface PlacedGains {
  h: number;
  d: number;
}

/**
 * Gains that give the closed loop a damping ratio of 0.8 (SPEC 4.2).
 *
 * Around the setpoint 0.70 a relative change y of the size moves utilisation by -0.7 y, so the loop
 * is y[k+1] = y[k] - 0.7 H y[k - n] for a delay of n ticks. One tick: z^2 - z + 0.7 H = 0 has
 * damping 0.8 at H = 0.43. Many ticks: s e^s = -0.7 H n has it at H n = 0.65. The two meet at 1.5
 * ticks; the smaller gain is taken. D stays 0: at these gains it buys nothing but noise.
 *
 * @param delayTicks from a request to the first measurement that shows it, in ticks, 0 and up
 */
export function placeGains(delayTicks: number): PlacedGains {
  return { h: Math.min(0.43, 0.65 / Math.max(delayTicks, 1)), d: 0 };
}
