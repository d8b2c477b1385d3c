import { strict as assert } from 'node:assert';

/**
 * Probability of at least `successes` in `trials` independent trials, exact (sum of the tail's
 * terms, each in logarithms first so that no term under- or overflows). Cost O(trials).
 * @param probability of one success, 0..1
 */
export function binomialTailP(input: {
  successes: number;
  trials: number;
  probability: number;
}): number {
  const { successes, trials, probability } = input;
  assert(Number.isInteger(trials) && trials >= 0, 'trials is a whole number');
  assert(Number.isInteger(successes) && successes <= trials, 'successes is at most trials');
  assert(probability >= 0 && probability <= 1, 'probability is within 0..1');
  if (successes <= 0) return 1;
  if (probability === 0) return 0;
  if (probability === 1) return 1;
  // The side without the mean: its terms fall from the first on, so nothing cancels.
  return successes > trials * probability
    ? upperTail({ from: successes, trials, probability })
    : 1 - upperTail({ from: trials - successes + 1, trials, probability: 1 - probability });
}

/**
 * Interval of Clopper and Pearson (Biometrika 26, 1934) for a share: every probability at which
 * neither `successes` or more nor `successes` or fewer is rarer than (1 - level) / 2.
 * @param level two-sided, default 0.95
 */
export function clopperPearson(input: { successes: number; trials: number; level?: number }): {
  lower: number;
  upper: number;
} {
  const { successes, trials, level = 0.95 } = input;
  assert(level > 0 && level < 1, 'level is between 0 and 1');
  assert(successes >= 0 && successes <= trials, 'successes is within 0..trials');
  const tail = (1 - level) / 2;
  return {
    lower: successes === 0 ? 0 : solve({ successes, trials, tail }),
    upper: successes === trials ? 1 : 1 - solve({ successes: trials - successes, trials, tail }),
  };
}

/** The probability at which the upper tail from `successes` on weighs `tail`, by bisection. */
function solve(input: { successes: number; trials: number; tail: number }): number {
  const { successes, trials, tail } = input;
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const probability = (low + high) / 2;
    if (binomialTailP({ successes, trials, probability }) < tail) low = probability;
    else high = probability;
  }
  return (low + high) / 2;
}

function upperTail(input: { from: number; trials: number; probability: number }): number {
  const { from, trials, probability } = input;
  if (from > trials) return 0;
  let logChoose = 0;
  for (let i = 1; i <= trials - from; i++) logChoose += Math.log((from + i) / i);
  const logTerm =
    logChoose + from * Math.log(probability) + (trials - from) * Math.log1p(-probability);
  const odds = probability / (1 - probability);
  let relative = 1;
  let sum = 1;
  for (let k = from; k < trials && relative > sum * Number.EPSILON; k++) {
    relative *= ((trials - k) / (k + 1)) * odds;
    sum += relative;
  }
  return Math.min(1, Math.exp(logTerm) * sum);
}

/** Each halves the error: 60 reach the precision of a double. */
const BISECTIONS = 60;
