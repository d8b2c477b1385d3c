/**
 * Knuth's multiplication method (The Art of Computer Programming 2, 3.4.1): exact, time grows with
 * the mean. @param float uniform in [0, 1)
 */
export function poissonSmall(mean: number, float: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = float(); product > limit; product *= float()) count++;
  return count;
}

/**
 * PTRS, transformed rejection with squeeze: Hörmann, "The transformed rejection method for
 * generating Poisson random variables", Insurance: Mathematics and Economics 12(1), 1993. Exact up
 * to rounding, constant time. @param mean at least 10 @param float uniform in [0, 1)
 */
export function poissonTransformedRejection(mean: number, float: () => number): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = float() - 0.5;
    const v = float();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const proposal = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
    if (proposal <= -mean + count * logMean - logFactorial(count)) return count;
  }
}

const SMALL_FACTORIALS_LOG = [0, 0, Math.log(2), Math.log(6), Math.log(24), Math.log(120)];

/** ln(n!), by Stirling's series from 6 on (error below 1e-9 there). */
function logFactorial(n: number): number {
  const small = SMALL_FACTORIALS_LOG[n];
  if (small !== undefined) return small;
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
