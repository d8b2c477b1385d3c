import { strict as assert } from 'node:assert';

/** A non-decreasing map from score to probability, plain data so that it can be stored. */
export interface IsotonicMap {
  /** Ascending scores. */
  scores: number[];
  /** Probability at each score, ascending, 0..1. */
  probabilities: number[];
}

/** A score and what became of it. */
export interface ScoredOutcome {
  /** Any finite number that grows with the chance of coming true. */
  score: number;
  cameTrue: boolean;
}

/**
 * Isotonic regression by pool adjacent violators (Ayer et al., Ann. Math. Stat. 26, 1955; for
 * calibration Zadrozny and Elkan, KDD 2002): among all non-decreasing maps the one with the least
 * squared error. Equal scores share one value. Fitted offline; needs some hundred outcomes.
 * @param outcomes at least one
 */
export function fitIsotonic(outcomes: readonly ScoredOutcome[]): IsotonicMap {
  assert(outcomes.length > 0, 'nothing to fit');
  const blocks: Block[] = [];
  for (const { score, cameTrue } of outcomes.toSorted((a, b) => a.score - b.score)) {
    assert(Number.isFinite(score), 'scores are finite');
    const truth = cameTrue ? 1 : 0;
    const tied = blocks.at(-1);
    if (tied?.last === score) {
      tied.sum += truth;
      tied.count += 1;
    } else blocks.push({ first: score, last: score, sum: truth, count: 1 });
  }
  return toMap(pooled(blocks));
}

/**
 * The probability of a score: linear between the ends of blocks, constant outside of all of them.
 */
export function applyIsotonic(map: IsotonicMap, score: number): number {
  const { scores, probabilities } = map;
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scores[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  const above = probabilities[low] ?? (probabilities.at(-1) as number);
  if (low === 0 || low === scores.length || scores[low] === score) return above;
  const below = probabilities[low - 1] as number;
  const from = scores[low - 1] as number;
  return below + ((above - below) * (score - from)) / ((scores[low] as number) - from);
}

interface Block {
  first: number;
  last: number;
  sum: number;
  count: number;
}

function pooled(blocks: readonly Block[]): Block[] {
  const stack: Block[] = [];
  for (const block of blocks) {
    let current = block;
    for (let before = stack.at(-1); before; before = stack.at(-1)) {
      if (before.sum * current.count < current.sum * before.count) break;
      stack.pop();
      current = {
        first: before.first,
        last: current.last,
        sum: before.sum + current.sum,
        count: before.count + current.count,
      };
    }
    stack.push(current);
  }
  return stack;
}

function toMap(blocks: readonly Block[]): IsotonicMap {
  const map: IsotonicMap = { scores: [], probabilities: [] };
  for (const { first, last, sum, count } of blocks) {
    for (const score of first === last ? [first] : [first, last]) {
      map.scores.push(score);
      map.probabilities.push(sum / count);
    }
  }
  return map;
}
