import type { BandwidthTrace, PathSeries } from './bandwidth-trace.ts';
import { type BandwidthWindow, eachWindow, SEQUENCE } from './bandwidth-windows.ts';
import { solveSymmetric } from './solve-symmetric.ts';

/** Pull of the weights towards nothing, as a share of the mean square of an input. */
const RIDGE = 1e-3;
/** Every so many windows are fitted; neighbours say nearly the same. */
const STRIDE = 2;

/**
 * NLinear (Zeng et al., "Are Transformers effective for time series forecasting?", AAAI 2023) for
 * the mean of the next ten seconds: last value plus a linear map of the window relative to it.
 * Fitted by least squares to traces, in closed form.
 */
export class NlinearMap {
  /** By seconds, the oldest first. */
  readonly weights: Float64Array;

  constructor(weights: Float64Array) {
    this.weights = weights;
  }

  /** @param traces of one set; of none the map is last value */
  static fit(traces: readonly BandwidthTrace[]): NlinearMap {
    const size = SEQUENCE;
    const products = new Float64Array(size * size);
    const right = new Float64Array(size);
    for (const { series } of traces) {
      for (const [index, { origin, actual }] of eachWindow(series).entries()) {
        if (index % STRIDE !== 0) continue;
        const { relative, last } = relativeWindow(series, origin);
        for (let row = 0; row < size; row++) {
          const value = relative[row] as number;
          right[row] = (right[row] as number) + value * (actual - last);
          for (let column = 0; column <= row; column++) {
            const at = row * size + column;
            products[at] = (products[at] as number) + value * (relative[column] as number);
          }
        }
      }
    }
    let trace = 0;
    for (let row = 0; row < size; row++) trace += products[row * size + row] as number;
    for (let row = 0; row < size; row++) {
      const at = row * size + row;
      products[at] = (products[at] as number) + (RIDGE * trace) / size + Number.MIN_VALUE;
    }
    return new NlinearMap(trace === 0 ? right.fill(0) : solveSymmetric(products, right));
  }

  means(series: PathSeries, windows: readonly BandwidthWindow[]): Float64Array {
    return Float64Array.from(windows, ({ origin }) => {
      const { relative, last } = relativeWindow(series, origin);
      const change = relative.reduce((sum, value, at) => sum + value * (this.weights[at] ?? 0), 0);
      return Math.max(0, last + change);
    });
  }
}

function relativeWindow(
  { bandwidthBytesPerSecond: values }: PathSeries,
  origin: number,
): { relative: Float64Array; last: number } {
  const past = pastOf(values, origin);
  const last = past[SEQUENCE - 1] as number;
  return { relative: past.map((value) => value - last), last };
}

/** The newest `SEQUENCE` values up to `origin`, holes filled; a short past repeats its first. */
function pastOf(values: Float64Array, origin: number): Float64Array {
  const past = new Float64Array(SEQUENCE);
  const first = origin + 1 - SEQUENCE;
  let known = values.find((value) => !Number.isNaN(value)) ?? 0;
  for (let at = Math.min(0, first); at <= origin; at++) {
    const value = values[Math.max(0, at)] as number;
    if (!Number.isNaN(value)) known = value;
    if (at >= first) past[at - first] = known;
  }
  return past;
}
