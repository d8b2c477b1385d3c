import { planTraffic, seedPattern, type TrafficPlan } from '@levitate/traffic';

/** How a lane's limit is ruled. */
export type LaneRule =
  /** Law of SPEC 4.2, peak held 10 s. */
  | 'reactive'
  /** The same, peak held 35 s. */
  | 'reactive-hold35'
  /** Forecasts where they are trusted, else the reactive law. */
  | 'predictive'
  /** 512 KB for ever. */
  | 'static-default'
  /** All the latency budget for ever. */
  | 'static-at-budget'
  /** As static-at-budget with the envelope's 2 % off: nothing within the envelope holds more. */
  | 'oracle';

/** The cells of T1 (bench definitions, "Conditions"). */
export type CellKey = 'periodic' | 'precursor' | 'memoryless' | 'infeasible' | 'seed';

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
/** Limit a queue starts with, and keeps in `static-default`. */
export const DEFAULT_LIMIT_BYTES = 512 * 1024;

const DRAIN = 12.5e6;
/**
 * Within 20-80 ms, and not faster than one sender can give a burst to all lanes of a trace: at 6 us
 * a packet through the whole lab, five lanes of 1,100 packets take 33 ms of one processor.
 */
const SPREAD_MS = [55, 80] as const;
/** A twentieth to an eighth of the drain; the bars for precursors begin at 1,000 (SPEC 3.1). */
const BASE_PPS = [417, 1_042] as const;
const RAMPED_BASE_PPS = [1_000, 2_083] as const;
const SEED_DRAIN = 9_500 * 1_500;
/** No burst before this: the services start while the base traffic flows. */
const WARMUP_MS = 14_000;
/** A cell counts at least 40 bursts; some are lost to the end of a trace or to a late sender. */
const COUNTED_BURSTS = 43;
/** With five lanes a trace, a fifth of the bursts leaves late. */
const COUNTED_BURSTS_FULL = 50;
const FULL_RULES: LaneRule[] = [
  'reactive',
  'reactive-hold35',
  'predictive',
  'static-default',
  'static-at-budget',
];
/** Without the honest rivals, which the other cell has: fewer lanes, bursts on time. */
const PRECURSOR_RULES: LaneRule[] = ['reactive', 'predictive', 'static-default'];
/** Bursts of the seed's pattern take turns: all at once are more than one sender can send. */
const SEED_TURN_MS = 2_000;

/** Limit of a lane's queue at the start; statics keep it. */
export function startLimitBytes(rule: LaneRule, budgetBytes: number): number {
  if (rule === 'static-at-budget') return budgetBytes;
  if (rule === 'oracle') return Math.floor(budgetBytes * 0.98);
  return DEFAULT_LIMIT_BYTES;
}

/** Name of a lane in the lab, of its link and of its target. */
export function laneName(lane: { cell: CellKey; trace: number; rule: LaneRule }): string {
  return `${lane.cell}-${lane.trace}-${lane.rule}`;
}

/**
 * What a run of T1 does, drawn from a seed: four phases of at most 26 lanes, as many as one sender
 * keeps up with on two processors, each as long as its cells need to count their bursts; or one
 * short phase for a quick look.
 */
export function planPhases(options: { seed: number; quick: boolean }): Phase[] {
  if (options.quick) return [quickPhase(options.seed)];
  const { seed } = options;
  const room = (cells: CellPlan[]) => phaseOf(cells, durationFor(cells));
  return [
    room([{ key: 'periodic', seed, traces: 5, rules: FULL_RULES }]),
    room([
      { key: 'precursor', seed, traces: 5, rules: PRECURSOR_RULES },
      { key: 'memoryless', seed, traces: 3, rules: ['reactive', 'predictive'], isShort: true },
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
  /** Stated only: does not lengthen its phase until it counts its bursts. */
  isShort?: boolean;
}

/** Bursts every 4 s, so that a fifth one comes at all: not the conditions, and marked so. */
function quickPhase(seed: number): Phase {
  const cells: CellPlan[] = [
    { key: 'periodic', seed, traces: 2, rules: FULL_RULES, quick: true },
    {
      key: 'infeasible',
      seed,
      traces: 1,
      rules: ['reactive', 'predictive', 'oracle'],
      quick: true,
    },
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
      const planned = cell.rules === FULL_RULES ? COUNTED_BURSTS_FULL : COUNTED_BURSTS;
      const least = cell.isShort ? 0 : planned;
      return counted.every((bursts) => bursts > 0) && sum(counted) >= least;
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
