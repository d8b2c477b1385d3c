import type { SeededRandom } from '@levitate/clock';
import { type AddedRate, composeRate } from './compose-rate.ts';
import type { RateSegment } from './rate-curve.ts';
import type { ResolvedOptions } from './traffic-options.ts';

/** Sources of the self-similar kind; each is on for this share of the time. */
const SOURCES = 12;
const ON_SHARE = 0.15;
/** Tail index of on and off times: Hurst parameter (3 - 1.4) / 2 = 0.8. */
const TAIL_SHAPE = 1.4;
const ON_MEAN_MS = 600;
/** A capacity collapse: to this share of the drain, for so long, this long apart. */
const COLLAPSE_FACTOR = [0.1, 0.5] as const;
const COLLAPSE_MS = [5000, 20_000] as const;
const COLLAPSE_GAP_MS = 30_000;

/** A constant rate. */
export function planFlat({ durationMs, basePps }: ResolvedOptions): RateSegment[] {
  return [{ fromMs: 0, toMs: durationMs, fromPps: basePps, toPps: basePps }];
}

/** A rise from 0.2 to 1.8 x the base in each period: resonance for a loop of that period. */
export function planSawtooth({ durationMs, basePps, periodMs }: ResolvedOptions): RateSegment[] {
  const teeth = Math.ceil(durationMs / periodMs);
  return Array.from({ length: teeth }, (_, index) => ({
    fromMs: index * periodMs,
    toMs: Math.min(durationMs, (index + 1) * periodMs),
    fromPps: 0.2 * basePps,
    toPps: 1.8 * basePps,
  }));
}

/**
 * Superposed on/off sources with Pareto on and off times, self-similar in the limit: Willinger,
 * Taqqu, Sherman, Wilson, "Self-similarity through high-variability", IEEE/ACM ToN 5(1), 1997.
 */
export function planSelfSimilar(
  { durationMs, basePps }: ResolvedOptions,
  random: SeededRandom,
): RateSegment[] {
  const pps = basePps / (SOURCES * ON_SHARE);
  const scaleOf = (meanMs: number) => (meanMs * (TAIL_SHAPE - 1)) / TAIL_SHAPE;
  const onScale = scaleOf(ON_MEAN_MS);
  const offScale = scaleOf((ON_MEAN_MS * (1 - ON_SHARE)) / ON_SHARE);
  const added: AddedRate[] = [];
  for (let source = 0; source < SOURCES; source++) {
    const own = random.fork(source);
    let isOn = own.float() < ON_SHARE;
    for (let timeMs = 0; timeMs < durationMs; ) {
      const toMs = timeMs + own.pareto({ shape: TAIL_SHAPE, scale: isOn ? onScale : offScale });
      if (isOn) added.push({ fromMs: timeMs, toMs, pps });
      timeMs = toMs;
      isOn = !isOn;
    }
  }
  return composeRate({ durationMs, levelPps: 0, factors: [], added });
}

/** Stretches in which the drain falls to a tenth or a half of itself. */
export function planCollapses(
  { durationMs, warmupMs }: ResolvedOptions,
  random: SeededRandom,
): { fromMs: number; toMs: number; factor: number }[] {
  const collapses = [];
  for (let fromMs = warmupMs + random.exponential(COLLAPSE_GAP_MS); fromMs < durationMs; ) {
    const toMs = fromMs + random.uniform(...COLLAPSE_MS);
    collapses.push({ fromMs, toMs, factor: random.uniform(...COLLAPSE_FACTOR) });
    fromMs = toMs + random.exponential(COLLAPSE_GAP_MS);
  }
  return collapses;
}

/** Rows of a trace, each held until the next; the last until the end. */
export function planReplay(
  rows: readonly { timeMs: number; pps: number }[],
  durationMs: number,
): RateSegment[] {
  const segments: RateSegment[] = [];
  rows.forEach(({ timeMs, pps }, index) => {
    const toMs = Math.min(rows[index + 1]?.timeMs ?? durationMs, durationMs);
    if (toMs > timeMs) segments.push({ fromMs: timeMs, toMs, fromPps: pps, toPps: pps });
  });
  return segments;
}
