import { strict as assert } from 'node:assert';
import type { ScoredOutcome } from './isotonic-map.ts';

/** probability = 1 / (1 + exp(slope x score + offset)); a slope below 0 grows with the score. */
export interface PlattMap {
  slope: number;
  offset: number;
}

/**
 * Platt's sigmoid (1999) by the method of Lin, Lin and Weng (Machine Learning 68, 2007): Newton
 * with backtracking on the log likelihood, targets drawn in by one success and one failure
 * so that separable scores do not end at infinity. Two parameters: right for few outcomes.
 * @param outcomes at least one
 */
export function fitPlatt(outcomes: readonly ScoredOutcome[]): PlattMap {
  assert(outcomes.length > 0, 'nothing to fit');
  assert(
    outcomes.every(({ score }) => Number.isFinite(score)),
    'scores are finite',
  );
  const successes = outcomes.filter(({ cameTrue }) => cameTrue).length;
  const failures = outcomes.length - successes;
  const high = (successes + 1) / (successes + 2);
  const low = 1 / (failures + 2);
  const points = outcomes.map(({ score, cameTrue }) => ({ score, target: cameTrue ? high : low }));
  let map: PlattMap = { slope: 0, offset: Math.log((failures + 1) / (successes + 1)) };
  let loss = lossOf(map, points);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const { gradient, direction } = newton(map, points);
    if (Math.abs(gradient.slope) < GRADIENT_MIN && Math.abs(gradient.offset) < GRADIENT_MIN) break;
    const descent = gradient.slope * direction.slope + gradient.offset * direction.offset;
    let step = 1;
    let next = moved(map, direction, step);
    let nextLoss = lossOf(next, points);
    while (nextLoss >= loss + SUFFICIENT * step * descent && step >= STEP_MIN) {
      step /= 2;
      next = moved(map, direction, step);
      nextLoss = lossOf(next, points);
    }
    if (step < STEP_MIN) break;
    map = next;
    loss = nextLoss;
  }
  return map;
}

/** The probability of a score. */
export function applyPlatt(map: PlattMap, score: number): number {
  return sigmoid(map.slope * score + map.offset);
}

interface Point {
  score: number;
  target: number;
}

/** Gradient and Newton direction; the Hessian is lifted a little so that it always inverts. */
function newton(map: PlattMap, points: readonly Point[]) {
  let [h11, h22, h21, g1, g2] = [LIFT, LIFT, 0, 0, 0];
  for (const { score, target } of points) {
    const p = applyPlatt(map, score);
    const weight = p * (1 - p);
    h11 += score * score * weight;
    h22 += weight;
    h21 += score * weight;
    g1 += score * (target - p);
    g2 += target - p;
  }
  const determinant = h11 * h22 - h21 * h21;
  return {
    gradient: { slope: g1, offset: g2 },
    direction: {
      slope: -(h22 * g1 - h21 * g2) / determinant,
      offset: -(h11 * g2 - h21 * g1) / determinant,
    },
  };
}

function moved(map: PlattMap, direction: PlattMap, step: number): PlattMap {
  return {
    slope: map.slope + step * direction.slope,
    offset: map.offset + step * direction.offset,
  };
}

/** Cross-entropy, in the form that never takes the logarithm of 0. */
function lossOf(map: PlattMap, points: readonly Point[]): number {
  let loss = 0;
  for (const { score, target } of points) {
    const x = map.slope * score + map.offset;
    loss +=
      x >= 0 ? target * x + Math.log1p(Math.exp(-x)) : (target - 1) * x + Math.log1p(Math.exp(x));
  }
  return loss;
}

function sigmoid(x: number): number {
  return x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
}

/** Constants of the paper's appendix. */
const ITERATIONS_MAX = 100;
const GRADIENT_MIN = 1e-5;
const STEP_MIN = 1e-10;
const SUFFICIENT = 1e-4;
const LIFT = 1e-12;
