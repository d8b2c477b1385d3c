import { planTraffic, seedPattern, type TrafficPlan } from '@levitate/traffic';
import type { LaneRule } from './kernel-lanes-rules.ts';

/** The cells of T1 (bench definitions, "Conditions"); `rivals` has the traffic of `periodic`. */
export type CellKey = 'periodic' | 'precursor' | 'rivals' | 'memoryless' | 'infeasible' | 'seed';

/** One kind of traffic and the lanes it runs through. */
export interface Cell {
  key: CellKey;
  drainBytesPerSecond: number;
  budgetBytes: number;
  rules: readonly LaneRule[];
  traces: readonly TrafficPlan[];
}

/** Cells that run at the same time, side by side in one lab. */
export interface Phase {
  cells: readonly Cell[];
  durationMs: number;
}

/** Latency budget of every target. */
export const BUDGET_MS = 150;
/** What the background TCP flow of each lane may take. */
export const BACKGROUND_BITS_PER_SECOND = 1e7;
/** Bursts of a trace before this one do not count: nobody can know the period yet. */
export const UNCOUNTED_BURSTS = 4;

const DRAIN = 12.5e6;
/**
 * Within 20-80 ms, and not faster than one sender can give a burst to all lanes of a trace: at 6 us
 * a packet through the whole lab, four lanes of 1,100 packets take 26 ms of one processor.
 */
const SPREAD_MS = [55, 80] as const;
/** A twentieth to an eighth of the drain; the bars for precursors begin at 1,000 (SPEC 3.1). */
const BASE_PPS = [417, 1_042] as const;
const RAMPED_BASE_PPS = [1_000, 2_083] as const;
const SEED_DRAIN = 9_500 * 1_500;
/** No burst before this: the services start while the base traffic flows. */
const WARMUP_MS = 14_000;
/**
 * The phase of a cell lasts until so many bursts could count. Where there is a bar, 40 are to count
 * also when a tenth leaves late, and a quarter where the base traffic alone is a third of what one
 * sender can send (`precursor`). With 0 a cell runs as long as the one beside it.
 */
const PLANNED_BURSTS: Record<CellKey, number> = {
  periodic: 46,
  precursor: 54,
  rivals: 40,
  memoryless: 0,
  infeasible: 46,
  seed: 40,
};
const SIDE_BY_SIDE: LaneRule[] = [
  'reactive',
  'predictive',
  'predictive-statistical',
  'static-default',
];
/** They have a cell of their own: with a fifth lane in a trace, a fifth of its bursts left late. */
const RIVALS: LaneRule[] = ['predictive', 'reactive-hold35', 'static-at-budget'];
/** Bursts of the seed's pattern take turns: all at once are more than one sender can send. */
const SEED_TURN_MS = 2_000;

/** Name of a lane in the lab, of its link and of its target. */
export function laneName(lane: { cell: CellKey; trace: number; rule: LaneRule }): string {
  return `${lane.cell}-${lane.trace}-${lane.rule}`;
}

/**
 * What a run of T1 does, drawn from a seed: five phases of at most 26 lanes, as many as one sender
 * keeps up with on two processors, each as long as its cells need to count their bursts; or one
 * short phase for a quick look.
 */
export function planPhases(options: { seed: number; quick: boolean }): Phase[] {
  if (options.quick) return [quickPhase(options.seed)];
  const { seed } = options;
  const room = (cells: CellPlan[]) => phaseOf(cells, durationFor(cells));
  return [
    room([{ key: 'periodic', seed, traces: 5, rules: SIDE_BY_SIDE }]),
    room([{ key: 'precursor', seed, traces: 5, rules: SIDE_BY_SIDE }]),
    room([
      { key: 'rivals', seed, traces: 5, rules: RIVALS },
      { key: 'memoryless', seed, traces: 3, rules: SIDE_BY_SIDE.slice(0, 3) },
    ]),
    room([{ key: 'infeasible', seed, traces: 6, rules: ['predictive', 'oracle'] }]),
    room([{ key: 'seed', seed, traces: 5, rules: ['reactive', 'predictive'] }]),
  ];
}

interface CellPlan {
  key: CellKey;
  seed: number;
  traces: number;
  rules: readonly LaneRule[];
  quick?: boolean;
}

/** Bursts every 4 s, so that a fifth one comes at all: not the conditions, and marked so. */
function quickPhase(seed: number): Phase {
  const shared = { seed, quick: true };
  const cells: CellPlan[] = [
    { ...shared, key: 'periodic', traces: 2, rules: SIDE_BY_SIDE },
    { ...shared, key: 'infeasible', traces: 1, rules: ['reactive', 'predictive', 'oracle'] },
  ];
  return phaseOf(cells, 31_000);
}

function phaseOf(cells: readonly CellPlan[], durationMs: number): Phase {
  return { cells: cells.map((cell) => cellOf(cell, durationMs)), durationMs };
}

/** The shortest time, in steps of 5 s, in which each cell counts enough bursts. */
function durationFor(cells: readonly CellPlan[]): number {
  for (let durationMs = 60_000; durationMs < 400_000; durationMs += 5_000) {
    const isEnough = cells.every((cell) => {
      const counted = cellOf(cell, durationMs).traces.map(
        (plan) => countable(plan).length - UNCOUNTED_BURSTS,
      );
      return counted.every((bursts) => bursts > 0) && sum(counted) >= PLANNED_BURSTS[cell.key];
    });
    if (isEnough) return durationMs;
  }
  return 400_000;
}

/** Bursts that are over, and drained, before the trace is. */
export function countable(plan: TrafficPlan): TrafficPlan['bursts'] {
  return plan.bursts.filter((burst) => burst.timeMs + burst.durationMs < plan.durationMs - 1_000);
}

function cellOf(plan: CellPlan, durationMs: number): Cell {
  const drainBytesPerSecond = plan.key === 'seed' ? SEED_DRAIN : DRAIN;
  return {
    key: plan.key,
    drainBytesPerSecond,
    budgetBytes: (drainBytesPerSecond * BUDGET_MS) / 1_000,
    rules: plan.rules,
    traces: Array.from({ length: plan.traces }, (_, index) =>
      tracePlan(plan, { index, durationMs, drainBytesPerSecond }),
    ),
  };
}

/**
 * The traces of a cell share its interval range out among themselves (trace k of n gets its n-th
 * part), so that no seed makes a cell of slow trains only. `memoryless` has the ramps of
 * `precursor` at gaps of 12 s + Exp(12 s): nothing but the ramp tells of the burst.
 */
function tracePlan(
  cell: CellPlan,
  trace: { index: number; durationMs: number; drainBytesPerSecond: number },
): TrafficPlan {
  const { index, durationMs, drainBytesPerSecond } = trace;
  const shared = {
    seed: `t1 ${cell.key} ${cell.seed} ${index}`,
    durationMs,
    drainBytesPerSecond,
    backgroundBytesPerSecond: BACKGROUND_BITS_PER_SECOND / 8,
  };
  if (cell.key === 'seed') {
    const phaseMs = SEED_TURN_MS * index;
    return planTraffic({ ...shared, ...seedPattern, warmupMs: WARMUP_MS, phaseMs });
  }
  const part = 18 / cell.traces;
  const isMemoryless = cell.key === 'memoryless';
  const isRamped = cell.key === 'precursor' || (cell.key === 'infeasible' && index % 2 === 1);
  return planTraffic({
    ...shared,
    kind: isRamped || isMemoryless ? 'precursor' : 'periodic',
    intervals: isMemoryless ? 'memoryless' : 'regular',
    basePps: isRamped || isMemoryless ? RAMPED_BASE_PPS : BASE_PPS,
    intervalS: cell.quick ? [3.8, 4] : [12 + part * index, 12 + part * (index + 1)],
    decoys: !cell.quick,
    warmupMs: cell.quick ? 8_000 : WARMUP_MS,
    burst: {
      by: 'excess',
      shareOfBudget: cell.key === 'infeasible' ? [1.5, 4] : [0.3, 0.9],
      spreadMs: SPREAD_MS,
    },
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
