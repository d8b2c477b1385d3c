import type { ForecastView, LaneSample, LevelView } from '../view.ts';

/** One point of the band, seconds from now. */
export interface BandPoint extends LevelView {
  readonly seconds: number;
}

/** Distance of two points of the band ahead, seconds: fine enough for a burst's edge. */
const stepSeconds = 0.25;
/** How far ahead the graphs reach, seconds. */
export const aheadSeconds = 10;

/**
 * The forecast from now on: per second the level outside bursts, lifted to the burst's peak from
 * its onset, less one standard deviation, until its end.
 */
export function bandAhead(forecast: ForecastView, nowUnixMs: number): BandPoint[] {
  const { madeUnixMs, levelBytesPerSecond: levels, burst } = forecast;
  const points: BandPoint[] = [];
  for (let seconds = 0; seconds <= aheadSeconds; seconds += stepSeconds) {
    const timeUnixMs = nowUnixMs + seconds * 1_000;
    const second = Math.floor((timeUnixMs - madeUnixMs) / 1_000);
    const level = levels[Math.max(0, second)];
    let q50 = level?.q50 ?? 0;
    let q99 = level?.q99 ?? 0;
    let isKnown = level !== undefined;
    if (burst) {
      const from = burst.onsetUnixMs - burst.onsetSdSeconds * 1_000;
      const until = burst.onsetUnixMs + burst.durationSeconds * 1_000;
      if (timeUnixMs >= from && timeUnixMs <= until) {
        q99 = Math.max(q99, burst.peakBytesPerSecondQ90);
        if (timeUnixMs >= burst.onsetUnixMs) q50 = Math.max(q50, burst.peakBytesPerSecondQ50);
        isKnown = true;
      }
    }
    if (isKnown) points.push({ seconds, q50, q99 });
  }
  return points;
}

/** For each sample the band that was forecast for it one second before; null where none was. */
export function bandBehind(samples: readonly LaneSample[]): (LevelView | null)[] {
  let earlier = 0;
  return samples.map(({ timeUnixMs }) => {
    while (
      earlier + 1 < samples.length &&
      (samples[earlier + 1]?.timeUnixMs ?? 0) <= timeUnixMs - 1_000
    ) {
      earlier += 1;
    }
    const candidate = samples[earlier];
    const age = timeUnixMs - (candidate?.timeUnixMs ?? 0);
    return age >= 900 && age <= 1_500 ? (candidate?.ahead ?? null) : null;
  });
}
