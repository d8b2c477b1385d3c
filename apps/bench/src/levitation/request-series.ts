import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SeededRandom } from '@levitate/clock';
import { parseTrace, type TraceKind, type TraceRow } from '@levitate/traffic';

/** Requests of one trace, one number per second. */
export interface RequestSeries {
  kind: RequestKind;
  /** File, and the part of it. */
  name: string;
  demand: Float64Array;
}

/** The kinds of real request traces. */
export const REQUEST_KINDS = [
  'requests-1s-twitter',
  'requests-1s-autothrottle',
  'requests-arrivals-azure-llm',
  'requests-1min-worldcup98',
] as const satisfies readonly TraceKind[];

/** @see REQUEST_KINDS */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Longest part of a file that is used, seconds; from file to file its time of day moves on. */
const PART_SECONDS = 10_800;
const FILES_MAX = 12;
/** Parts of a kind that is one file. */
const PARTS = 4;

/**
 * The traces of one kind, each an unbroken part of a file. A kind of a single file gives several
 * parts of it, so that there is always one to tune on and another to test on; files of several days
 * give three hours each, at another time of day from file to file. Minutes are spread over
 * their seconds as Poisson counts; single arrivals are counted per second.
 * @returns empty where the folder has no such kind
 */
export function readRequestSeries(options: {
  kind: RequestKind;
  dataDirectory: string;
  seed: number;
  quick: boolean;
}): RequestSeries[] {
  const { kind, dataDirectory, seed, quick } = options;
  const folder = join(dataDirectory, 'traces', kind);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => /\.csv(\.gz)?$/.test(file));
  const longest = quick ? 1800 : PART_SECONDS;
  const wanted = files.length > 1 ? 1 : quick ? 2 : PARTS;
  return files
    .toSorted()
    .slice(0, quick ? 2 : FILES_MAX)
    .flatMap((file, index) => {
      const bytes = readFileSync(join(folder, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      const random = new SeededRandom(seed).fork(`${kind}/${file}`);
      const whole = perSecond(kind, { rows: parseTrace({ kind, text }), random });
      return cutParts(whole, { longest, wanted, turn: index }).map((demand, part) => ({
        kind,
        name: wanted === 1 ? file : `${file}#${part + 1}`,
        demand,
      }));
    });
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

/**
 * Equal parts, evenly spread; one part of a longer series starts later from `turn` to `turn`, so
 * that four files cover all times of a day.
 */
export function cutParts(
  whole: Float64Array,
  { longest, wanted, turn }: { longest: number; wanted: number; turn: number },
): Float64Array[] {
  const length = Math.min(longest, Math.floor(whole.length / wanted));
  const room = whole.length - length;
  return Array.from({ length: wanted }, (_, index) => {
    const share = wanted === 1 ? (turn % 4) / 3 : index / (wanted - 1);
    const from = Math.floor(room * share);
    return whole.slice(from, from + length);
  });
}
