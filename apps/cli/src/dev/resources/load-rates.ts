import { SeededRandom } from '@levitate/clock';

/** Between which rates a load moves, requests a second. */
export interface LoadRange {
  readonly low: number;
  readonly high: number;
}

/** Length of one round of load; the next one follows it. */
export const roundSeconds = 600;

/** From one crest of the waves to the next, s. */
const waveSeconds = 40;
/** How far up the waves reach; only bursts reach `high`. */
const waveShare = 0.6;
/** From burst to burst, and how long one lasts, s. */
const burstGapSeconds = [18, 32] as const;
const burstSeconds = [4, 8] as const;

/**
 * Requests a second in each second of a round: waves, and bursts on them, the first within half a
 * minute, so that whoever has just started to look sees sizes move. Pure: equal seeds, equal load.
 */
export function loadRates({ low, high }: LoadRange, seed: string): number[] {
  const random = new SeededRandom(seed);
  const rates = Array.from({ length: roundSeconds }, (_, second) => {
    const wave = (1 - Math.cos((2 * Math.PI * second) / waveSeconds)) / 2;
    return low + (high - low) * waveShare * wave;
  });
  for (let second = 0; ; ) {
    second += Math.round(random.uniform(...burstGapSeconds));
    const end = second + Math.round(random.uniform(...burstSeconds));
    if (end > roundSeconds) return rates;
    rates.fill(high, second, end);
    second = end;
  }
}
