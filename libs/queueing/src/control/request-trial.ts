import { strict as assert } from 'node:assert';
import type { SeededRandom } from '@levitate/clock';
import { type ArrivalStream, drawArrivals } from './arrival-stream.ts';
import { requestTrialLength } from './run-trial.ts';

/** Requests of a file, one number per second. */
export interface RequestFile {
  name: string;
  demand: ArrayLike<number>;
}

/** Where a trial lies in its source. */
export interface TrialPlace {
  file: RequestFile;
  /** Second of the file at which the trial, its uncounted part first, begins. */
  startSecond: number;
  /** Stretch of the source that the counted part lies in: what a bootstrap draws. */
  block: string;
}

/** Counted parts lie within stretches of so many seconds of their source. */
export const requestBlockSeconds = 900;

/** Seconds of the counted part at which an onset may be. */
const onsetSeconds = [20, 240] as const;
const { uncountedSeconds, countedSeconds } = requestTrialLength;
const trialSeconds = uncountedSeconds + countedSeconds;

/** Mean of a file, above 0. */
function meanOf({ name, demand }: RequestFile): number {
  let sum = 0;
  for (let second = 0; second < demand.length; second++) sum += demand[second] as number;
  assert(sum > 0, `${name}: a file without a request has no rate`);
  return sum / demand.length;
}

/**
 * The level that peak demand stands for: 99.9 % of the seconds of all files, each over its own
 * mean, lie no higher. @param files the training files of one kind
 */
export function peakLevel(files: readonly RequestFile[]): number {
  const levels = files.flatMap((file) => {
    const mean = meanOf(file);
    return Array.from(file.demand, (requests) => requests / mean);
  });
  assert(levels.length > 0, 'a level needs at least one file');
  levels.sort((one, other) => one - other);
  return levels[Math.ceil(0.999 * levels.length) - 1] as number;
}

/**
 * Seconds after which demand rises: the mean of the 5 s that begin 10 s later is at least 1.5 times
 * that of the last 60 s. Of such seconds in a row the first.
 */
export function onsetsOf(demand: ArrayLike<number>): number[] {
  const sums = new Float64Array(demand.length + 1);
  for (let second = 0; second < demand.length; second++) {
    sums[second + 1] = (sums[second] as number) + (demand[second] as number);
  }
  const mean = (from: number, to: number) =>
    ((sums[to] as number) - (sums[from] as number)) / (to - from);
  const onsets: number[] = [];
  let isRising = false;
  for (let second = 60; second + 15 <= demand.length; second++) {
    const before = mean(second - 60, second);
    const isOnset = before > 0 && mean(second + 10, second + 15) >= 1.5 * before;
    if (isOnset && !isRising) onsets.push(second);
    isRising = isOnset;
  }
  return onsets;
}

/**
 * Draw where trials lie: contiguous, the counted part within one block of the source, each block
 * as likely; with `onsets`, every other trial has an onset 20-240 s into its counted
 * part, each onset as likely.
 * @param options.onsets for kinds that have some
 */
export function drawPlaces(options: {
  files: readonly RequestFile[];
  count: number;
  onsets: boolean;
  random: SeededRandom;
}): TrialPlace[] {
  const { files, count, random } = options;
  const blocks = files.flatMap((file) => blocksOf(file).map((block) => ({ file, ...block })));
  assert(blocks.length > 0, `no file has ${trialSeconds} s in a row`);
  const onsets = options.onsets ? files.flatMap((file) => onsetRoomsOf(file)) : [];
  assert(!options.onsets || onsets.length > 0, 'no file has an onset that a trial could hold');
  return Array.from({ length: count }, (_, index) => {
    const rooms = options.onsets && index % 2 === 0 ? onsets : blocks;
    const { file, from, to } = random.pick(rooms);
    const countedFrom = from + random.integer(to - from + 1);
    return {
      file,
      startSecond: countedFrom - uncountedSeconds,
      block: `${file.name}/${Math.floor(countedFrom / requestBlockSeconds)}`,
    };
  });
}

/** Seconds at which a counted part may begin, for each block. */
function blocksOf({ demand }: RequestFile): { from: number; to: number }[] {
  const blocks: { from: number; to: number }[] = [];
  for (let start = 0; start < demand.length; start += requestBlockSeconds) {
    const from = Math.max(start, uncountedSeconds);
    const to = Math.min(start + requestBlockSeconds, demand.length) - countedSeconds;
    if (to >= from) blocks.push({ from, to });
  }
  return blocks;
}

/** The same for each onset, where it is 20-240 s into the counted part. */
function onsetRoomsOf(file: RequestFile): { file: RequestFile; from: number; to: number }[] {
  const blocks = blocksOf(file);
  return onsetsOf(file.demand).flatMap((onset) =>
    blocks.flatMap((block) => {
      const from = Math.max(block.from, onset - onsetSeconds[1]);
      const to = Math.min(block.to, onset - onsetSeconds[0]);
      return to >= from ? [{ file, from, to }] : [];
    }),
  );
}

/**
 * Requests/s of each second of a trial: peak x (demand over the file's own mean) over the level of
 * the training files, never above peak. @param level of {@link peakLevel}
 */
export function ratesOf(
  { file, startSecond }: TrialPlace,
  { peakPerSecond, level }: { peakPerSecond: number; level: number },
): Float64Array {
  const scale = peakPerSecond / (meanOf(file) * level);
  return Float64Array.from({ length: trialSeconds }, (_, second) =>
    Math.min(peakPerSecond, scale * (file.demand[startSecond + second] as number)),
  );
}

/** The workload of one trial: Poisson within each second at {@link ratesOf}. */
export function trialOf(
  place: TrialPlace,
  options: { peakPerSecond: number; level: number; random: SeededRandom },
): ArrivalStream {
  return drawArrivals(ratesOf(place, options), options.random);
}
