import type { PathWindow } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import { WindowHash } from '../models/window-hash.ts';

/** The grid that bandwidth is forecast on (SPEC 3.2). */
export const STEP_MS = 1_000;
/** Steps looked back on. */
export const WINDOW_STEPS = 100;
/** Steps looked ahead. */
export const HORIZON_STEPS = 10;
/** Beyond it a number is no bandwidth. */
const RATE_MAX = 1e15;

/**
 * The samples of one path on the grid, the newest step ending with the newest sample that has a
 * bandwidth. Samples of one step are averaged; a longer interval fills the steps it covers; what
 * nobody measured, and what no measurement can be, is NaN. Older than the window is left out.
 * @param samples in time order
 * @returns undefined where no sample has a bandwidth
 */
export function pathWindow(
  samples: readonly PathSample[],
  { steps = WINDOW_STEPS, stepMs = STEP_MS } = {},
): PathWindow | undefined {
  const newest = samples.findLast(({ bandwidthBytesPerSecond: rate }) => isSound(rate, RATE_MAX));
  if (newest === undefined) return undefined;
  const endUnixMs = newest.timeUnixMs;
  const grid = new Grid(steps, { stepMs, endUnixMs });
  for (const sample of samples) grid.add(sample);
  return grid.window();
}

class Grid {
  readonly #stepMs: number;
  readonly #endUnixMs: number;
  readonly #columns: Column[];

  constructor(steps: number, { stepMs, endUnixMs }: { stepMs: number; endUnixMs: number }) {
    this.#stepMs = stepMs;
    this.#endUnixMs = endUnixMs;
    this.#columns = [0, 1, 2].map(() => ({
      sums: new Float64Array(steps),
      counts: new Float64Array(steps),
    }));
  }

  add(sample: PathSample): void {
    const steps = this.#columns[0]?.sums.length ?? 0;
    const agoMs = this.#endUnixMs - sample.timeUnixMs;
    // A sample ends the step it falls into: 0 to one step ago is the newest.
    const last = steps - 1 - Math.floor(agoMs / this.#stepMs);
    const covered = Math.max(1, Math.round((sample.intervalMs ?? this.#stepMs) / this.#stepMs));
    if (!(agoMs >= 0)) return;
    const { bandwidthBytesPerSecond, roundTripSeconds, lossRatio } = sample;
    for (let step = Math.max(0, last - covered + 1); step <= last; step++) {
      this.#put(0, step, bandwidthBytesPerSecond, RATE_MAX);
      this.#put(1, step, roundTripSeconds, 3_600);
      this.#put(2, step, lossRatio, 1);
    }
  }

  window(): PathWindow {
    const steps = this.#columns[0]?.sums.length ?? 0;
    // On one buffer, which goes to a thread in a third of the time that three take.
    const all = new Float64Array(3 * steps);
    const [bandwidth, roundTrip, loss] = this.#columns.map(({ sums, counts }, column) => {
      const means = all.subarray(column * steps, (column + 1) * steps);
      for (let step = 0; step < steps; step++) {
        means[step] = (sums[step] as number) / (counts[step] as number);
      }
      return means;
    }) as [Float64Array, Float64Array, Float64Array];
    return { stepMs: this.#stepMs, endUnixMs: this.#endUnixMs, bandwidth, roundTrip, loss };
  }

  #put(column: number, step: number, value: number | undefined, max: number): void {
    const { sums, counts } = this.#columns[column] as Column;
    if (!isSound(value, max)) return;
    sums[step] = (sums[step] ?? 0) + value;
    counts[step] = (counts[step] ?? 0) + 1;
  }
}

interface Column {
  sums: Float64Array;
  counts: Float64Array;
}

function isSound(value: number | undefined, max: number): value is number {
  return value !== undefined && value >= 0 && value <= max;
}

/** Steps of a window that were measured. */
export function knownSteps({ bandwidth }: PathWindow): number {
  return bandwidth.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}

/** Tells windows apart: the same numbers at the same time are the same key. */
export function windowKey({ endUnixMs, stepMs, bandwidth, roundTrip, loss }: PathWindow): string {
  const hash = new WindowHash();
  hash.add(Float64Array.of(endUnixMs, stepMs, bandwidth.length));
  for (const column of [bandwidth, roundTrip, loss]) hash.add(column);
  return hash.text();
}
