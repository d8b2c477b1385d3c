import type { RateSegment } from './rate-curve.ts';

/** A stretch in which the level is multiplied by a factor that moves on a straight line. */
export interface LevelFactor {
  fromMs: number;
  toMs: number;
  from: number;
  to: number;
}

/** A stretch in which a constant rate comes on top of the level. */
export interface AddedRate {
  fromMs: number;
  toMs: number;
  pps: number;
}

/**
 * One rate out of a constant level, the factors on it and what comes on top: level x every factor
 * in force + every addition. Where two moving factors meet, their product, a parabola, is replaced
 * by its chord; between breakpoints seconds apart the difference is below 1 %.
 */
export function composeRate(parts: {
  durationMs: number;
  levelPps: number;
  factors: readonly LevelFactor[];
  added: readonly AddedRate[];
}): RateSegment[] {
  const { durationMs } = parts;
  const inside = (timeMs: number) => timeMs > 0 && timeMs < durationMs;
  const stretches = [...parts.factors, ...parts.added];
  const edges = new Set(stretches.flatMap((part) => [part.fromMs, part.toMs]).filter(inside));
  const times = [0, ...[...edges].sort((a, b) => a - b), durationMs];
  const factors = new ActiveParts(parts.factors);
  const added = new ActiveParts(parts.added);
  const segments: RateSegment[] = [];
  for (let index = 1; index < times.length; index++) {
    const fromMs = times[index - 1] as number;
    const toMs = times[index] as number;
    const middle = (fromMs + toMs) / 2;
    let fromPps = parts.levelPps;
    let toPps = parts.levelPps;
    for (const factor of factors.at(middle)) {
      fromPps *= factorAt(factor, fromMs);
      toPps *= factorAt(factor, toMs);
    }
    for (const addition of added.at(middle)) {
      fromPps += addition.pps;
      toPps += addition.pps;
    }
    segments.push({ fromMs, toMs, fromPps, toPps });
  }
  return segments;
}

/** The product of the factors in force at the instant. */
export function levelFactorAt(factors: readonly LevelFactor[], timeMs: number): number {
  let product = 1;
  for (const factor of factors) {
    if (factor.fromMs <= timeMs && timeMs < factor.toMs) product *= factorAt(factor, timeMs);
  }
  return product;
}

function factorAt(factor: LevelFactor, timeMs: number): number {
  const share = (timeMs - factor.fromMs) / (factor.toMs - factor.fromMs);
  return factor.from + (factor.to - factor.from) * share;
}

/** The parts that cover an instant, asked in order of time. */
class ActiveParts<T extends { fromMs: number; toMs: number }> {
  readonly #waiting: T[];
  #active: T[] = [];

  constructor(parts: readonly T[]) {
    this.#waiting = [...parts].sort((a, b) => b.fromMs - a.fromMs);
  }

  at(timeMs: number): readonly T[] {
    for (let next = this.#waiting.at(-1); next && next.fromMs <= timeMs; ) {
      this.#active.push(next);
      this.#waiting.pop();
      next = this.#waiting.at(-1);
    }
    this.#active = this.#active.filter((part) => part.toMs > timeMs);
    return this.#active;
  }
}
