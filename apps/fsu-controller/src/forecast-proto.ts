import type { predictor } from '@levitate/contracts';
import type { AbstainReason, BurstForecast, Quantiles } from '@levitate/forecast';

/** Levels a forecast may carry; more are cut. */
const levelsMax = 60;

/**
 * A forecast from the wire. Nothing is repaired: a quantity that is missing becomes NaN, which
 * the controller's gate calls incoherent, and control is the reactive law.
 */
export function forecastFromProto(proto: predictor.BurstForecast): BurstForecast {
  return {
    link: proto.link,
    madeUnixMs: proto.madeUnixMs,
    horizonS: proto.horizonSeconds,
    burstPredicted: proto.burstPredicted,
    confidence: proto.confidence,
    timeToBurstS: proto.timeToBurstSeconds,
    timeSdS: proto.timeSdSeconds,
    magnitude: proto.predictedMagnitude,
    durationS: quantiles(proto.durationSeconds),
    peakBytesPerSecond: quantiles(proto.peakBytesPerSecond),
    volumeBytes: quantiles(proto.volumeBytes),
    needBytes: quantiles(proto.needBytes),
    levelBytesPerSecond: proto.levelBytesPerSecond.slice(0, levelsMax).map(quantiles),
    // Reasons of a newer predictor pass through: they are shown, nothing depends on them.
    abstained: proto.abstained as AbstainReason[],
    model: proto.model,
  };
}

function quantiles(proto: predictor.Quantiles | null): Quantiles {
  if (proto === null) return { q50: Number.NaN, q90: Number.NaN, q99: Number.NaN };
  const { q50, q90, q99 } = proto;
  return { q50, q90, q99 };
}
