/** The logistic function; no overflow at either end. */
export function sigmoid(u: number): number {
  return 1 / (1 + Math.exp(-u));
}

/** log(1 + exp(u)), without overflow. Its slope is `sigmoid`. */
export function softplus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
}
