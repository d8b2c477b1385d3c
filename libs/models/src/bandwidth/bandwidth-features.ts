import type { PathWindow } from '../served-model.ts';
import { SEQUENCE } from './bandwidth-windows.ts';
import { type PathStatistics, PathTracker } from './path-statistics.ts';

/** Which surroundings of bandwidth a network has learnt from; the others stay masked for it. */
export interface LearnedInputs {
  roundTrip: boolean;
  loss: boolean;
  /** Time of day and day of week. */
  time: boolean;
}

/** A window as a network takes it, and what turns its answers back into bytes/s. */
export interface EncodedWindow {
  /** [steps, features] */
  input: Float32Array;
  /** Where each step's answers are counted from, bytes/s. */
  base: Float64Array;
  /** The unit of each step's answers, bytes/s; above 0. */
  scale: Float64Array;
}

/** Names of the inputs in order, as they stand in the manifest. */
export const bandwidthFeatureNames = [
  'last',
  'lag 1',
  'lag 2',
  'lag 3',
  'lag 4',
  'lag 5',
  'ewma 0.02',
  'ewma 0.1',
  'ewma 0.2',
  'ewma 0.6',
  'harmonic mean 5',
  'low 10',
  'median 10',
  'high 10',
  'low 30',
  'median 30',
  'high 30',
  'low 100',
  'median 100',
  'high 100',
  'base',
  'step',
  'held',
  'moves',
  'level',
  'age',
  'measured',
  'round trip',
  'round trip known',
  'loss',
  'loss known',
  'day sine',
  'day cosine',
  'week sine',
  'week cosine',
  'time known',
] as const;

/** Numbers in one step. */
export const BANDWIDTH_FEATURES = bandwidthFeatureNames.length;
/** Inputs are held within so many units: one broken second must not decide a forecast. */
const CLIP = 5;
/** Added to the unit, bytes/s: a path that carries nothing has one too. */
const SCALE_MIN = 100;
/** Decades of bytes/s around which the level is counted. */
const LEVEL_CENTRE = 6;

/**
 * Encode a window. Every step is counted from its own exponentially weighted mean (the base) in
 * units of the mean of the window so far (the scale), so that a path ten times as fast looks the
 * same but for the one input `level`. A second without bandwidth repeats the one before and is
 * marked; round trip, loss and time are zero and marked where they are unknown or not learnt: a
 * network would do something with an input it never saw.
 * @param path 1 to 100 steps of a second; without an end on a wall clock (NaN) time is unknown
 * @param options.steps of the encoded window; a shorter path stands at its end, zeros before
 * @param options.read newest steps that are read, default all; those before them are left as zeros
 *   (what is told of the later ones still holds what they were)
 */
export function encodeWindow(
  path: PathWindow,
  {
    learned,
    steps = SEQUENCE,
    read = steps,
  }: { learned: LearnedInputs; steps?: number; read?: number },
): EncodedWindow {
  const { bandwidth: values } = path;
  const count = values.length;
  const first = steps - count;
  const encoded: EncodedWindow = {
    input: new Float32Array(steps * BANDWIDTH_FEATURES),
    base: new Float64Array(steps),
    scale: new Float64Array(steps).fill(SCALE_MIN),
  };
  const tracker = new PathTracker();
  let known = firstKnown(values);
  for (let second = 0; second < count; second++) {
    const value = values[second] as number;
    const isMeasured = Number.isFinite(value);
    if (isMeasured) known = Math.max(0, value);
    if (second < count - read) {
      tracker.pass(known);
      continue;
    }
    const statistics = tracker.learn(known);
    const base = statistics.ewma.percent40;
    const scale = Math.max(statistics.ewma.percent2, SCALE_MIN);
    encoded.base[first + second] = base;
    encoded.scale[first + second] = scale;
    const row = new Row(encoded.input, (first + second) * BANDWIDTH_FEATURES);
    putBandwidth(row, statistics, { base, scale });
    row.put((second + 1) / SEQUENCE);
    row.put(isMeasured ? 1 : 0);
    putSurroundings(row, path, { second, learned });
  }
  return encoded;
}

/** The inputs of one step, put in one after the other. */
class Row {
  readonly #input: Float32Array;
  #at: number;

  constructor(input: Float32Array, at: number) {
    this.#input = input;
    this.#at = at;
  }

  put(value: number): void {
    this.#input[this.#at] = Math.min(CLIP, Math.max(-CLIP, value));
    this.#at += 1;
  }
}

function putBandwidth(
  row: Row,
  of: PathStatistics,
  { base, scale }: { base: number; scale: number },
): void {
  const { ewma } = of;
  const relative = (value: number) => row.put((value - base) / scale);
  relative(of.last);
  for (const lag of of.lags) relative(lag);
  relative(ewma.percent2);
  relative(ewma.percent10);
  relative(ewma.percent20);
  relative(ewma.percent60);
  relative(of.harmonicMean);
  for (const { low, middle, high } of [of.ten, of.thirty, of.hundred]) {
    relative(low);
    relative(middle);
    relative(high);
  }
  row.put(base / scale - 1);
  row.put(of.step / scale);
  row.put(Math.log1p(of.held));
  row.put(of.held === 0 ? 1 : 0);
  row.put(Math.log10(scale) - LEVEL_CENTRE);
}

/** Seconds around which round trips are counted in decades. */
const ROUND_TRIP_CENTRE = 0.05;
const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday. */
const WEEK_OFFSET_MS = 3 * DAY_MS;

/** Latency, loss and time, each with its mark. */
function putSurroundings(
  row: Row,
  path: PathWindow,
  { second, learned }: { second: number; learned: LearnedInputs },
): void {
  const roundTrip = path.roundTrip[second] ?? Number.NaN;
  const loss = path.loss[second] ?? Number.NaN;
  const isTripKnown = learned.roundTrip && roundTrip > 0 && Number.isFinite(roundTrip);
  const isLossKnown = learned.loss && loss >= 0 && loss <= 1;
  row.put(isTripKnown ? Math.log10(roundTrip / ROUND_TRIP_CENTRE) : 0);
  row.put(isTripKnown ? 1 : 0);
  row.put(isLossKnown ? Math.sqrt(loss) : 0);
  row.put(isLossKnown ? 1 : 0);
  const { endUnixMs, stepMs, bandwidth } = path;
  const nowMs = endUnixMs - stepMs * (bandwidth.length - 1 - second);
  if (!learned.time || !Number.isFinite(nowMs)) return;
  const day = (2 * Math.PI * nowMs) / DAY_MS;
  const week = (2 * Math.PI * (nowMs + WEEK_OFFSET_MS)) / (7 * DAY_MS);
  for (const value of [Math.sin(day), Math.cos(day), Math.sin(week), Math.cos(week), 1]) {
    row.put(value);
  }
}

function firstKnown(values: ArrayLike<number>): number {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isFinite(value)) return Math.max(0, value);
  }
  return 0;
}
