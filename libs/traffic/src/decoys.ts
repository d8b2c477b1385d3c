import type { SeededRandom } from '@levitate/clock';
import type { LevelFactor } from './compose-rate.ts';
import type { PlannedBurst } from './traffic-plan.ts';

/** Changes of level that are no bursts. */
export interface Decoys {
  factors: LevelFactor[];
  upwardEdgesMs: number[];
}

type Timed = Pick<PlannedBurst, 'timeMs' | 'durationMs'>;

/** No edge of a step in [onset - 7 s, onset + 1 s]. */
const QUIET_BEFORE_MS = 7000;
const QUIET_AFTER_MS = 1000;
/** A step needs at least this much room between two quiet times. */
const ROOM_MS = 200;

/**
 * Decoys between bursts, one per 2 to 3 onsets: steps and drifts in turn, so that a trace has 0.2
 * upward edges per onset. A step goes to 1.3-1.6 x the level, or the inverse, and is held 10-30 s;
 * a drift goes to such a level over 20-60 s and back. Where the two meet, the step goes against the
 * drift, so that the level never exceeds 1.6 x the base.
 */
export function placeDecoys(bursts: readonly Timed[], random: SeededRandom): Decoys {
  const gaps = quietGaps(bursts);
  const drifts: Drift[] = [];
  const stepStarts: number[] = [];
  let isStep = random.float() < 0.5;
  for (let index = random.integer(3); index < bursts.length - 1; index += 2 + random.integer(2)) {
    if (isStep) stepStarts.push(index);
    else drifts.push(drawDrift({ bursts, index, after: drifts.at(-1), random }));
    isStep = !isStep;
  }
  const factors = drifts.flatMap(driftFactors);
  const upwardEdgesMs: number[] = [];
  let freeFromMs = 0;
  for (const index of stepStarts) {
    const step = drawStep({ gaps, index, freeFromMs, drifts, random });
    if (step === undefined) continue;
    factors.push(step);
    upwardEdgesMs.push(step.from > 1 ? step.fromMs : step.toMs);
    freeFromMs = step.toMs;
  }
  return { factors, upwardEdgesMs: upwardEdgesMs.sort((a, b) => a - b) };
}

interface Gap {
  fromMs: number;
  toMs: number;
}

interface Drift {
  fromMs: number;
  topMs: number;
  toMs: number;
  factor: number;
}

/** For each burst the time after it in which an edge is allowed; may be empty. */
function quietGaps(bursts: readonly Timed[]): Gap[] {
  return bursts.slice(1).map((next, index) => {
    const burst = bursts[index] as Timed;
    return {
      fromMs: burst.timeMs + Math.max(QUIET_AFTER_MS, burst.durationMs + ROOM_MS),
      toMs: next.timeMs - QUIET_BEFORE_MS,
    };
  });
}

function drawDrift({
  bursts,
  index,
  after,
  random,
}: {
  bursts: readonly Timed[];
  index: number;
  after: Drift | undefined;
  random: SeededRandom;
}): Drift {
  const onset = bursts[index] as Timed;
  const next = bursts[index + 1] as Timed;
  const intervalMs = next.timeMs - onset.timeMs;
  const wayMs = random.uniform(20_000, Math.min(60_000, Math.max(20_000, 2.4 * intervalMs)));
  const fromMs = Math.max(random.uniform(onset.timeMs, next.timeMs), after?.toMs ?? 0);
  return { fromMs, topMs: fromMs + wayMs, toMs: fromMs + 2 * wayMs, factor: drawFactor(random) };
}

function driftFactors({ fromMs, topMs, toMs, factor }: Drift): LevelFactor[] {
  return [
    { fromMs, toMs: topMs, from: 1, to: factor },
    { fromMs: topMs, toMs, from: factor, to: 1 },
  ];
}

/** A step that starts in the gap (or a later one) and ends in a gap 10-30 s after. */
function drawStep({
  gaps,
  index,
  freeFromMs,
  drifts,
  random,
}: {
  gaps: readonly Gap[];
  index: number;
  freeFromMs: number;
  drifts: readonly Drift[];
  random: SeededRandom;
}): LevelFactor | undefined {
  const wideEnough = (gap: Gap) => gap.toMs - Math.max(gap.fromMs, freeFromMs) >= ROOM_MS;
  const gap = gaps.slice(index).find(wideEnough);
  if (gap === undefined) return undefined;
  const fromMs = random.uniform(Math.max(gap.fromMs, freeFromMs), gap.toMs);
  const ends = gaps
    .map((g) => ({
      fromMs: Math.max(g.fromMs, fromMs + 10_000),
      toMs: Math.min(g.toMs, fromMs + 30_000),
    }))
    .filter((g) => g.toMs > g.fromMs);
  if (ends.length === 0) return undefined;
  const end = random.pick(ends);
  const toMs = random.uniform(end.fromMs, end.toMs);
  const met = drifts.filter((drift) => drift.fromMs < toMs && drift.toMs > fromMs);
  const drawn = random.uniform(1.3, 1.6);
  // Against the drift it meets; between two of opposite sense, down: the level is bounded above.
  const isUp = met.length === 0 ? random.float() < 0.5 : met.every((drift) => drift.factor < 1);
  const factor = isUp ? drawn : 1 / drawn;
  return { fromMs, toMs, from: factor, to: factor };
}

function drawFactor(random: SeededRandom): number {
  const factor = random.uniform(1.3, 1.6);
  return random.float() < 0.5 ? factor : 1 / factor;
}
