import { SeededRandom } from '@levitate/clock';
import type { BandwidthSetName } from './bandwidth-sets.ts';
import type { BandwidthTrace, PathSeries } from './bandwidth-trace.ts';
import { eachWindow } from './bandwidth-windows.ts';
import { wape } from './wape.ts';

/** A part of the traces. */
export type SplitPart = 'training' | 'validation' | 'test';

/** The rule in words, for a manifest. */
export const splitRule =
  'by trace file, per set: files in the order of the error of last value, in blocks of five; of ' +
  'each block the seed draws three for training, one for validation, one for test';

/**
 * Split by trace, never by window: 60 % training, 20 % validation, 20 % test of each set. A set of
 * 69 traces, some of which move five times as much as others, drawn freely gives tests that last
 * value alone solves to 58 or to 72 %; so the draw is stratified by what last value makes of a
 * trace. That looks at no model, and the test part stands for the whole set.
 * @param seed the same seed and files give the same parts, in whatever order they come
 * @returns the part of each trace, in order
 */
export function splitTraces(traces: readonly BandwidthTrace[], seed: number | string): SplitPart[] {
  const parts = new Map<BandwidthTrace, SplitPart>();
  const sets = new Set(traces.map(({ set }) => set));
  for (const set of sets)
    for (const [trace, part] of splitSet(traces, { set, seed })) {
      parts.set(trace, part);
    }
  return traces.map((trace) => parts.get(trace) as SplitPart);
}

function splitSet(
  traces: readonly BandwidthTrace[],
  { set, seed }: { set: BandwidthSetName; seed: number | string },
): [BandwidthTrace, SplitPart][] {
  const random = new SeededRandom(seed).fork(`bandwidth-split/${set}`);
  const ordered = traces
    .filter((trace) => trace.set === set)
    .map((trace) => ({ trace, error: lastValueError(trace.series) }))
    .sort((a, b) => a.error - b.error || (a.trace.file < b.trace.file ? -1 : 1));
  const split: [BandwidthTrace, SplitPart][] = [];
  for (let start = 0; start < ordered.length; start += BLOCK.length) {
    const bag = shuffled(BLOCK, random);
    for (const [index, { trace }] of ordered.slice(start, start + BLOCK.length).entries()) {
      split.push([trace, bag[index] as SplitPart]);
    }
  }
  return split;
}

const BLOCK: readonly SplitPart[] = ['training', 'training', 'training', 'validation', 'test'];

function lastValueError(series: PathSeries): number {
  let last = 0;
  return wape(
    eachWindow(series).map(({ origin, actual }) => {
      last = lastMeasured(series.bandwidthBytesPerSecond, origin) ?? last;
      return { actual, forecast: last };
    }),
  );
}

function lastMeasured(values: Float64Array, origin: number): number | undefined {
  for (let at = origin; at >= 0; at--) {
    const value = values[at] as number;
    if (!Number.isNaN(value)) return value;
  }
  return undefined;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const bag = [...items];
  for (let left = bag.length - 1; left > 0; left--) {
    const at = random.integer(left + 1);
    [bag[left], bag[at]] = [bag[at] as T, bag[left] as T];
  }
  return bag;
}
