import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SeededRandom } from '@levitate/clock';
import { parseTrace, type TraceKind, type TraceRow } from '@levitate/traffic';
import type { DemandSeries } from './reserve-network.ts';

/** The kinds of real request traces. */
export const REQUEST_KINDS = [
  'requests-1s-twitter',
  'requests-1s-autothrottle',
  'requests-arrivals-azure-llm',
  'requests-1min-worldcup98',
] as const satisfies readonly TraceKind[];

/** @see REQUEST_KINDS */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Requests of one trace or a part of it, one number per second. */
export interface RequestSeries extends DemandSeries {
  kind: RequestKind;
  /** File, and the second of it at which the part begins. */
  name: string;
}

/** What series are for: to learn from, to choose by, and to score once. */
export type RequestPart = 'training' | 'validation' | 'test';

/** Seconds of a file that count; the last 1,740 s of a day of this kind are missing. */
const SECONDS_MAX: Partial<Record<RequestKind, number>> = { 'requests-1s-twitter': 84_600 };
/** Where the training part ends, and the validation part: days, or seconds of a single file. */
const TRAINING_SHARE = 1 / 2;
const VALIDATION_SHARE = 2 / 3;
const DAY_S = 86_400;

/**
 * The traces of one kind, a series for each file. Minutes are spread over their seconds as Poisson
 * counts, drawn from the seed; single arrivals are counted per second.
 * @returns empty where the folder has no such kind
 */
export function readRequestSeries(options: {
  kind: RequestKind;
  dataDirectory: string;
  seed: number;
}): RequestSeries[] {
  const { kind, dataDirectory, seed } = options;
  return requestFiles(dataDirectory, kind).map((file) => {
    const bytes = readFileSync(join(dataDirectory, 'traces', kind, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const random = new SeededRandom(seed).fork(`${kind}/${file}`);
    const whole = perSecond(kind, { rows: parseTrace({ kind, text }), random });
    const demand = whole.subarray(0, SECONDS_MAX[kind] ?? whole.length);
    return { kind, name: file, demand, startSecond: 0 };
  });
}

/** File names of a kind, sorted; none where there is no such folder. */
export function requestFiles(dataDirectory: string, kind: RequestKind): string[] {
  const folder = join(dataDirectory, 'traces', kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.csv(\.gz)?$/.test(file))
    .toSorted();
}

/**
 * Divide the traces of a kind: the first half to learn from, the next sixth to choose by, the last
 * third to score; by whole files, and a single file by time. Of two files nothing is left to choose
 * by.
 */
export function splitRequestSeries(
  series: readonly RequestSeries[],
): Record<RequestPart, RequestSeries[]> {
  const [only] = series;
  if (series.length === 1 && only !== undefined) {
    const [first, second] = boundsOf(only.demand.length);
    return {
      training: [cutSeries(only, { from: 0, length: first })],
      validation: [cutSeries(only, { from: first, length: second - first })],
      test: [cutSeries(only, { from: second, length: only.demand.length - second })],
    };
  }
  const [first, second] = boundsOf(series.length);
  return {
    training: series.slice(0, first),
    validation: series.slice(first, second),
    test: series.slice(second),
  };
}

function boundsOf(length: number): [number, number] {
  const first = Math.floor(length * TRAINING_SHARE);
  return [first, Math.max(first, Math.floor(length * VALIDATION_SHARE))];
}

/** Delays that policies are judged at, seconds: those of track T4. */
export const JUDGED_DELAYS_S = [1, 5] as const;

/** What a kind is judged on: three hours of a file, of a single file up to four times. */
const JUDGED_PARTS = { longest: 10_800, parts: 4 } as const;

/**
 * The parts of a kind's files that policies are judged on, by a model's report and by the bench:
 * one of each file, at another time of day from file to file; several of a file that is alone.
 *
 * @param longest seconds of a part
 */
export function judgedParts(
  files: readonly RequestSeries[],
  { longest, parts }: { longest: number; parts: number } = JUDGED_PARTS,
): RequestSeries[] {
  return files.flatMap((series, turn) => {
    const most = Math.min(parts, Math.ceil(series.demand.length / longest));
    return spreadParts(series, { longest, wanted: files.length > 1 ? 1 : most, turn });
  });
}

/**
 * Parts of a series that do not overlap, evenly spread; one part of a longer series begins later
 * from `turn` to `turn`, so that four files cover all times of a day.
 */
export function spreadParts(
  series: RequestSeries,
  { longest, wanted, turn }: { longest: number; wanted: number; turn: number },
): RequestSeries[] {
  const whole = series.demand.length;
  const length = Math.min(longest, Math.floor(whole / wanted));
  return Array.from({ length: wanted }, (_, index) => {
    const share = wanted === 1 ? (turn % 4) / 3 : index / (wanted - 1);
    return cutSeries(series, { from: Math.floor((whole - length) * share), length });
  });
}

/** A part of a series. */
export function cutSeries(
  { kind, name, demand, startSecond }: RequestSeries,
  { from, length }: { from: number; length: number },
): RequestSeries {
  const [file, before = '0'] = name.split('@');
  return {
    kind,
    name: `${file}@${Number(before) + from}`,
    demand: demand.subarray(from, from + length),
    startSecond: (startSecond + from) % DAY_S,
  };
}

/** Requests of each second from the first row to the last. */
export function perSecond(
  kind: RequestKind,
  { rows, random }: { rows: readonly TraceRow[]; random: SeededRandom },
): Float64Array {
  const firstMs = rows[0]?.timeMs ?? 0;
  const rowSeconds = kind === 'requests-1min-worldcup98' ? 60 : 1;
  const lastSecond = Math.floor(((rows.at(-1)?.timeMs ?? 0) - firstMs) / 1000);
  const demand = new Float64Array(rows.length === 0 ? 0 : lastSecond + rowSeconds);
  for (const { timeMs, value = 0 } of rows) {
    const second = Math.floor((timeMs - firstMs) / 1000);
    if (kind === 'requests-arrivals-azure-llm') {
      demand[second] = (demand[second] ?? 0) + 1;
    } else if (rowSeconds === 1) {
      demand[second] = value;
    } else {
      for (let at = second; at < second + rowSeconds; at++) {
        demand[at] = random.poisson(value / rowSeconds);
      }
    }
  }
  return demand;
}
