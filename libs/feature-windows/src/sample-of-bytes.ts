import { nameLengthMax } from '@levitate/contracts';
import type { Sample, SampleOrigin } from '@levitate/series';
import type { FollowBatch } from './feature-windows.ts';
import { originNumbers } from './sample-bytes.ts';

/**
 * A sample from the bytes of `levitate.telemetry.v1.Sample`; `undefined` for bytes that are not
 * plainly one, which the general decoder and the validator of the contract must judge.
 *
 * Written by hand for the same reason as `sampleBytes`: it runs for every sample of every link, and
 * the general one makes two more objects of twenty fields on the way.
 */
export function sampleOfBytes(bytes: Buffer, start = 0, end = bytes.length): Sample | undefined {
  values.fill(Number.NaN);
  let link: string | undefined;
  let origin: SampleOrigin | undefined;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = takeVarint(bytes, end);
    const field = tag >>> 3;
    if ((tag & 7) === FIXED64 && field >= FIRST_DOUBLE && field <= LAST_DOUBLE) {
      if (cursor.at + 8 > end) return undefined;
      const value = bytes.readDoubleLE(cursor.at);
      cursor.at += 8;
      // Also false for what is no number.
      if (!(value >= (MIN[field] ?? 0) && value <= (MAX[field] as number))) return undefined;
      values[field] = value;
    } else if (tag === LINK_TAG && link === undefined) {
      link = takeName(bytes, end);
      if (link === undefined) return undefined;
    } else if (tag === SEQUENCE_TAG) {
      values[SEQUENCE] = takeVarint(bytes, end);
    } else if (tag === ORIGIN_TAG) {
      origin = ORIGINS.get(takeVarint(bytes, end));
      if (origin === undefined) return undefined;
    } else {
      return undefined;
    }
  }
  if (cursor.at !== end || link === undefined || origin === undefined) return undefined;
  return Number.isNaN(values[TIME]) || values[SEQUENCE] === OVERLONG
    ? undefined
    : sampleOf(link, origin);
}

/**
 * What `samplesMessage` wrote: the `StreamSamplesResponse` of telemetry or of an agent; `undefined`
 * as above.
 */
export function samplesOfMessage(bytes: Buffer): FollowBatch | undefined {
  const batch: FollowBatch = { samples: [], lost: 0 };
  let at = 0;
  while (at < bytes.length) {
    cursor.at = at;
    const tag = takeVarint(bytes, bytes.length);
    const value = takeVarint(bytes, bytes.length);
    if (value === OVERLONG) return undefined;
    at = cursor.at;
    if (tag === LOST_TAG) {
      batch.lost = value;
    } else {
      const end = at + value;
      const sample =
        tag === LINK_TAG && end <= bytes.length ? sampleOfBytes(bytes, at, end) : undefined;
      if (sample === undefined) return undefined;
      batch.samples.push(sample);
      at = end;
    }
  }
  return batch;
}

const FIXED64 = 1;
/** Field 1, a length before its bytes: the name in a sample, a sample in a message. */
const LINK_TAG = 0x0a;
const SEQUENCE_TAG = 0x10;
const LOST_TAG = 0x10;
const ORIGIN_TAG = 19 * 8;
const SEQUENCE = 2;
const TIME = 3;
const INTERVAL = 4;
const FIRST_DOUBLE = TIME;
const LAST_DOUBLE = 18;
/** Stands for a number of more than 49 bits. */
const OVERLONG = -1;

/** By field, within what the contract allows; a test holds them against its validator. */
const MIN: readonly number[] = Object.assign([], { [INTERVAL]: 1 });
const MAX: readonly number[] = Array.from({ length: LAST_DOUBLE + 1 }, (_, field) => {
  if (field === TIME) return 8.64e15;
  if (field === INTERVAL) return 3_600_000;
  return field >= 11 && field <= 13 ? 3_600 : 1e9 * (field === 14 ? 1 : 1e3);
});

/** By number. */
const ORIGINS: ReadonlyMap<number, SampleOrigin> = new Map(
  (Object.keys(originNumbers) as SampleOrigin[]).map((origin) => [originNumbers[origin], origin]),
);

/** One sample at a time is read here: by field, NaN where it is missing. */
const values = new Float64Array(LAST_DOUBLE + 1);
const cursor = { at: 0 };

function takeVarint(bytes: Buffer, end: number): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < 7 && cursor.at < end; count += 1) {
    const byte = bytes[cursor.at] as number;
    cursor.at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 0x80;
  }
  return OVERLONG;
}

/** Of printable ASCII; other names are right too, but not plainly. */
function takeName(bytes: Buffer, bound: number): string | undefined {
  const length = takeVarint(bytes, bound);
  const first = cursor.at;
  const end = first + length;
  if (length < 1 || length > nameLengthMax || end > bound) return undefined;
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte > 0x7e) return undefined;
  }
  cursor.at = end;
  return bytes.toString('latin1', first, end);
}

function sampleOf(link: string, origin: SampleOrigin): Sample {
  return {
    link,
    sequence: measured(SEQUENCE),
    timeUnixMs: values[TIME] as number,
    intervalMs: measured(INTERVAL),
    throughputBytesPerSecond: measured(5),
    packetsPerSecond: measured(6),
    throughputPeakBytesPerSecond: measured(7),
    queueBytes: measured(8),
    queuePackets: measured(9),
    queueHighWaterBytes: measured(10),
    latencyP50Seconds: measured(11),
    latencyP95Seconds: measured(12),
    latencyP99Seconds: measured(13),
    connectionsPerSecond: measured(14),
    droppedPackets: measured(15),
    droppedBytes: measured(16),
    limitBytes: measured(17),
    drainBytesPerSecond: measured(18),
    origin,
  };
}

function measured(field: number): number | undefined {
  const value = values[field] as number;
  return Number.isNaN(value) ? undefined : value;
}
