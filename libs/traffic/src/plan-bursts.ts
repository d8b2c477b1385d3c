import type { SeededRandom } from '@levitate/clock';
import { type AddedRate, composeRate, type LevelFactor, levelFactorAt } from './compose-rate.ts';
import { placeDecoys } from './decoys.ts';
import type { BurstShape, ResolvedOptions } from './traffic-options.ts';
import type { PlannedBurst, TrafficPlan } from './traffic-plan.ts';

/** A precursor rises from the level to twice the level over this time. */
const RAMP_MS = 5000;
/** Heavy-tailed lengths: mean = 3 x the least, infinite variance, cut at ten times the mean. */
const PARETO_SHAPE = 1.5;

/** The parts of a plan that the kinds with bursts fill in: periodic, precursor, random. */
export function planBursts(
  options: ResolvedOptions,
  random: SeededRandom,
): Pick<TrafficPlan, 'rate' | 'bursts' | 'upwardEdgesMs'> {
  const sizes = drawSizes(options, random.fork('sizes'));
  const timed = placeBursts(options, sizes, random.fork('onsets'));
  const decoys = options.decoys
    ? placeDecoys(timed, random.fork('decoys'))
    : { factors: [], upwardEdgesMs: [] };
  // A ramp whose burst lies beyond the end would announce nothing.
  const ramped = timed.filter(({ timeMs }) => timeMs < options.durationMs);
  const ramps: LevelFactor[] =
    options.kind === 'precursor'
      ? ramped.map(({ timeMs }) => ({ fromMs: timeMs - RAMP_MS, toMs: timeMs, from: 1, to: 2 }))
      : [];
  const added: AddedRate[] = [];
  const bursts = timed.map(({ timeMs, durationMs, size }): PlannedBurst => {
    const levelPps = options.basePps * levelFactorAt(decoys.factors, timeMs);
    const peakPps = Math.max(levelPps, peakOf(options, { size, durationMs, levelPps }));
    added.push({ fromMs: timeMs, toMs: timeMs + durationMs, pps: peakPps - levelPps });
    const excessBytes = excessOf(options, { peakPps, durationMs });
    return { timeMs, durationMs, peakPps, excessBytes };
  });
  const { durationMs, basePps: levelPps } = options;
  const factors = [...decoys.factors, ...ramps];
  return {
    rate: composeRate({ durationMs, levelPps, factors, added }),
    bursts: bursts.filter((burst) => burst.timeMs < durationMs),
    upwardEdgesMs: decoys.upwardEdgesMs.filter((timeMs) => timeMs < durationMs),
  };
}

/** Draws the size (amplitude, or excess in bytes) and the length of the next burst. */
interface Sizes {
  size(): number;
  durationMs(): number;
}

interface TimedBurst {
  timeMs: number;
  durationMs: number;
  size: number;
}

function drawSizes(options: ResolvedOptions, random: SeededRandom): Sizes {
  const { burst, variation } = options;
  const vary = (value: number) => value * Math.max(0.5, random.normal(1, variation));
  const size = drawSize(options, burst, random);
  const durationMs =
    burst.by === 'excess'
      ? random.uniform(...(burst.spreadMs ?? [20, 80]))
      : 1000 * random.logUniform(...(burst.lengthS ?? [0.05, 3]));
  if (options.kind !== 'random') {
    return { size: () => vary(size), durationMs: () => vary(durationMs) };
  }
  const scale = (durationMs * (PARETO_SHAPE - 1)) / PARETO_SHAPE;
  const pareto = () => random.pareto({ shape: PARETO_SHAPE, scale });
  return { size: () => vary(size), durationMs: () => Math.min(pareto(), 10 * durationMs) };
}

function drawSize(options: ResolvedOptions, burst: BurstShape, random: SeededRandom): number {
  if (burst.by === 'amplitude') return random.uniform(...(burst.amplitude ?? [5, 15]));
  const budgetBytes = burst.budgetBytes ?? options.drainBytesPerSecond * 0.15;
  return random.uniform(...burst.shareOfBudget) * budgetBytes;
}

/** Onsets of a whole trace and a little more, so that its end looks like its middle. */
function placeBursts(options: ResolvedOptions, sizes: Sizes, random: SeededRandom): TimedBurst[] {
  const meanMs = 1000 * random.uniform(...options.intervalS);
  const isRegular = options.kind !== 'random' && options.intervals === 'regular';
  const bursts: TimedBurst[] = [];
  const drawnMs = isRegular ? random.uniform(0, meanMs) : random.exponential(meanMs);
  const phaseMs = isRegular ? (options.phaseMs ?? drawnMs) : drawnMs;
  let timeMs = options.warmupMs + phaseMs;
  while (timeMs < options.durationMs + 2 * meanMs) {
    const burst = { timeMs, durationMs: sizes.durationMs(), size: sizes.size() };
    bursts.push(burst);
    timeMs = nextOnset(options, { burst, meanMs, random });
  }
  return bursts;
}

function nextOnset(
  options: ResolvedOptions,
  { burst, meanMs, random }: { burst: TimedBurst; meanMs: number; random: SeededRandom },
): number {
  const { timeMs, durationMs } = burst;
  if (options.kind === 'random') {
    // Counted from the end, so that outside bursts the next onset is always as likely.
    return timeMs + durationMs + random.exponential(meanMs);
  }
  if (options.intervals === 'memoryless') return timeMs + 12_000 + random.exponential(12_000);
  const intervalMs = meanMs + random.normal(0, 1000 * options.jitterS);
  return timeMs + Math.max(intervalMs, durationMs + 1000);
}

/** Rate of the generated traffic in a burst: an addition to the level, or a total that is met. */
function peakOf(
  options: ResolvedOptions,
  { size, durationMs, levelPps }: { size: number; durationMs: number; levelPps: number },
): number {
  if (options.burst.by === 'amplitude') return levelPps + (size - 1) * options.basePps;
  return freeDrainPps(options) + size / options.packetBytes / (durationMs / 1000);
}

function excessOf(
  options: ResolvedOptions,
  { peakPps, durationMs }: { peakPps: number; durationMs: number },
): number {
  const beyondPps = Math.max(0, peakPps - freeDrainPps(options));
  return beyondPps * options.packetBytes * (durationMs / 1000);
}

/** What of the drain the background leaves. */
function freeDrainPps(options: ResolvedOptions): number {
  return (options.drainBytesPerSecond - options.backgroundBytesPerSecond) / options.packetBytes;
}
