import type { SeededRandom } from '@levitate/clock';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';
import { eachWindow } from '../bandwidth/bandwidth-windows.ts';
import { type PathExample, pathExample } from './path-examples.ts';
import type { PathSenses } from './path-features.ts';

/** Traces of one origin. */
export interface PathSource {
  name: string;
  series: readonly PathSeries[];
  /** Of all stretches drawn, so many (relative to the other sources) come from here. */
  share: number;
}

/** A stretch with the rate its errors are measured against. */
export interface DrawnExample {
  example: PathExample;
  /** Mean of what is forecast over the source, bytes/s. */
  meanRate: number;
}

/** Seconds of one stretch. */
export const STRETCH_S = 128;
/** One stretch in three has seconds left out, up to this share of them. */
const THINNED_OF = 3;
const THINNED_MAX = 0.5;

/** Draws stretches to learn from: the source by its share, the trace by its length, any second. */
export class PathSampler {
  readonly #sources: readonly {
    share: number;
    meanRate: number;
    series: readonly PathSeries[];
    /** Running sum of the traces' lengths. */
    ends: readonly number[];
  }[];
  readonly #shares: number;
  readonly #senses: PathSenses;

  constructor(sources: readonly PathSource[], senses: PathSenses) {
    this.#senses = senses;
    this.#sources = sources.map(({ share, series }) => {
      let end = 0;
      const ends = series.map(({ bandwidthBytesPerSecond }) => {
        end += bandwidthBytesPerSecond.length;
        return end;
      });
      return { share, series, ends, meanRate: meanRateOf(series) };
    });
    this.#shares = sources.reduce((sum, { share }) => sum + share, 0);
  }

  draw(random: SeededRandom): DrawnExample {
    let left = random.float() * this.#shares;
    const source =
      this.#sources.find(({ share }) => {
        left -= share;
        return left < 0;
      }) ?? this.#sources[0];
    if (source === undefined) throw new RangeError('no source to draw from');
    const second = random.integer(source.ends.at(-1) ?? 0);
    const series = source.series[source.ends.findIndex((end) => second < end)] as PathSeries;
    const { length } = series.bandwidthBytesPerSecond;
    const from = random.integer(Math.max(1, length - STRETCH_S));
    const isThinned = random.integer(THINNED_OF) === 0;
    const thinned = isThinned ? random.uniform(0, THINNED_MAX) : 0;
    const stretch = { from, steps: STRETCH_S, senses: this.#senses, thinned, random };
    return { example: pathExample(series, stretch), meanRate: source.meanRate };
  }
}

/**
 * As many traces of each source as it has, drawn with repetition (Efron 1979; Breiman 1996,
 * "Bagging predictors"). Members that saw different traces differ where few traces say what to
 * expect, which is what their coherence is to show.
 */
export function bootstrapped(sources: readonly PathSource[], random: SeededRandom): PathSource[] {
  return sources.map((source) => ({
    ...source,
    series: source.series.map(() => random.pick(source.series)),
  }));
}

function meanRateOf(series: readonly PathSeries[]): number {
  const actuals = series.flatMap((one) => eachWindow(one).map(({ actual }) => actual));
  const sum = actuals.reduce((total, actual) => total + actual, 0);
  return Math.max(1, sum / Math.max(1, actuals.length));
}
