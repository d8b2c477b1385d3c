import type { LearnedInputs } from './bandwidth-features.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';

/** Of the training seconds so many must know an input for it to be learnt. */
const KNOWN_SHARE_MIN = 0.2;

/**
 * Which surroundings the training traces know well enough. An input that one set alone gives now
 * and then would tell the network which set it looks at, and mean nothing else.
 */
export function learnedInputs(traces: readonly BandwidthTrace[]): LearnedInputs {
  let seconds = 0;
  const known = { roundTrip: 0, loss: 0, time: 0 };
  for (const { series } of traces) {
    const { length } = series.bandwidthBytesPerSecond;
    seconds += length;
    known.roundTrip += countOf(series.roundTripSeconds);
    known.loss += countOf(series.lossRatio);
    known.time += series.startUnixMs === undefined ? 0 : length;
  }
  const isLearned = (count: number) => seconds > 0 && count / seconds >= KNOWN_SHARE_MIN;
  return {
    roundTrip: isLearned(known.roundTrip),
    loss: isLearned(known.loss),
    time: isLearned(known.time),
  };
}

function countOf(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}
