import type { predictor } from '@levitate/contracts';
import { abstainWords } from '@levitate/forecast';

/**
 * A forecast in a few words: `burst in 1.2 s (97 %)`, `no burst: not trusted yet`.
 *
 * @param nowUnixMs on the clock of the samples, on which the forecast was made
 */
export function forecastWords(forecast: predictor.BurstForecast, nowUnixMs: number): string {
  const { burstPredicted, confidence, timeToBurstSeconds, madeUnixMs, abstained } = forecast;
  if (burstPredicted) {
    const inSeconds = timeToBurstSeconds - (nowUnixMs - madeUnixMs) / 1_000;
    const when = inSeconds > 0 ? `in ${inSeconds.toFixed(1)} s` : 'due now';
    return `burst ${when} (${Math.round(confidence * 100)} %)`;
  }
  const [reason] = abstained;
  return reason === undefined ? 'no burst' : `no burst: ${abstainWords(reason)}`;
}
