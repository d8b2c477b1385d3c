import type { predictor } from '@levitate/contracts';
import type { BurstForecast, ClaimScore } from '@levitate/forecast';

/** For the wire. */
export function forecastToProto(forecast: BurstForecast): predictor.BurstForecastInit {
  return {
    link: forecast.link,
    madeUnixMs: forecast.madeUnixMs,
    horizonSeconds: forecast.horizonS,
    burstPredicted: forecast.burstPredicted,
    confidence: forecast.confidence,
    timeToBurstSeconds: forecast.timeToBurstS,
    timeSdSeconds: forecast.timeSdS,
    predictedMagnitude: forecast.magnitude,
    durationSeconds: forecast.durationS,
    peakBytesPerSecond: forecast.peakBytesPerSecond,
    volumeBytes: forecast.volumeBytes,
    needBytes: forecast.needBytes,
    levelBytesPerSecond: forecast.levelBytesPerSecond,
    abstained: forecast.abstained,
    model: forecast.model,
  };
}

/** For the wire; a lead that no hit has shown yet is 0. */
export function scoreToProto(entry: {
  forecaster: string;
  score: ClaimScore;
}): predictor.ForecasterScoreInit {
  const { onsets, hits, misses, falseAlarms, leadMsMedian = 0 } = entry.score;
  return {
    forecaster: entry.forecaster,
    onsets,
    hits,
    misses,
    falseAlarms,
    leadSecondsMedian: leadMsMedian / 1000,
  };
}
