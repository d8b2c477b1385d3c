import type { BurstForecast } from '@levitate/forecast';

/** A forecast of a burst of 1 MB need; without `timeToBurstS` one that predicts none. */
export function forecastOf(
  part: Partial<Omit<BurstForecast, 'timeToBurstS'>> & { timeToBurstS?: number | undefined },
): BurstForecast {
  const isPredicted = part.timeToBurstS !== undefined;
  return {
    link: 'a',
    madeUnixMs: 0,
    horizonS: 10,
    burstPredicted: isPredicted,
    confidence: isPredicted ? 0.98 : 0,
    timeSdS: 0.2,
    magnitude: 8,
    durationS: { q50: 0.05, q90: 0.06, q99: 0.07 },
    peakBytesPerSecond: { q50: 30e6, q90: 33e6, q99: 36e6 },
    volumeBytes: { q50: 1.5e6, q90: 1.7e6, q99: 1.9e6 },
    needBytes: { q50: 1e6, q90: 1.1e6, q99: 1.2e6 },
    levelBytesPerSecond: Array.from({ length: 10 }, () => ({ q50: 2e6, q90: 2.1e6, q99: 2.3e6 })),
    abstained: isPredicted ? [] : ['outside-horizon'],
    model: 'test@1',
    ...part,
    timeToBurstS: part.timeToBurstS ?? 10,
  };
}
