/**
 * Quantile of Student's t distribution by the Cornish-Fisher expansion
 * (Abramowitz & Stegun 26.7.5); within 2 % of the tables from 3 degrees of freedom on.
 *
 * @param z the same quantile of the standard normal distribution
 * @param degrees degrees of freedom, at least 3
 */
export function studentQuantile(z: number, degrees: number): number {
  const z3 = z ** 3;
  const z5 = z ** 5;
  const z7 = z ** 7;
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  );
}

/** Standard normal distribution function; Abramowitz & Stegun 26.2.17, |error| < 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}

/** Quantiles of the standard normal distribution that forecasts are quoted at. */
export const Z90 = 1.2815515655;
export const Z99 = 2.326347874;
