import { strict as assert } from 'node:assert';
import type { SeededRandom } from '@levitate/clock';

/** Requests of a trial, drawn once, so that every policy meets the same. */
export interface ArrivalStream {
  /** Milliseconds from the start of the trial, ascending. */
  atMs: Float64Array;
  /** Own service of each, in mean services: exponential with mean 1. */
  work: Float64Array;
}

/**
 * Poisson arrivals at a rate that is constant within each second. Starting anew at every second is
 * exact, because what is left of an exponential gap is as long as a new one.
 * @param ratePerSecond requests/s of each second
 */
export function drawArrivals(
  ratePerSecond: ArrayLike<number>,
  random: SeededRandom,
): ArrivalStream {
  const seconds = ratePerSecond.length;
  let expected = 0;
  for (let second = 0; second < seconds; second++) expected += ratePerSecond[second] as number;
  // Six standard deviations: that more come has a chance of 1e-9, and then the arrays grow.
  let atMs = new Float64Array(Math.ceil(expected + 6 * Math.sqrt(expected) + 64));
  let count = 0;
  for (let second = 0; second < seconds; second++) {
    const rate = ratePerSecond[second] as number;
    assert(rate >= 0 && Number.isFinite(rate), `a rate is finite and at least 0, got ${rate}`);
    if (rate === 0) continue;
    const gapMs = 1000 / rate;
    const endMs = (second + 1) * 1000;
    let time = second * 1000 + random.exponential(gapMs);
    for (; time < endMs; time += random.exponential(gapMs)) {
      if (count === atMs.length) atMs = grown(atMs);
      atMs[count++] = time;
    }
  }
  const work = new Float64Array(count);
  const works = random.fork('work');
  for (let index = 0; index < count; index++) work[index] = works.exponential(1);
  return { atMs: atMs.subarray(0, count), work };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(2 * values.length);
  more.set(values);
  return more;
}
