import type { Sample, SampleOrigin } from '@levitate/series';
import { putVarint } from './varint.ts';

/**
 * A sample as the bytes of `levitate.telemetry.v1.Sample`, field by field in the order of their
 * numbers, which is byte for byte what the general encoder makes of it (a test compares them).
 *
 * Written by hand because it runs for every sample of every link: the general one makes several
 * kilobytes of garbage for these 200 bytes, and collecting it is what samples wait for.
 */
export function sampleBytes(sample: Sample): Buffer {
  const { link, sequence } = sample;
  let at = putVarint(scratch, tag(1, lengthDelimited), 0);
  at = putVarint(scratch, Buffer.byteLength(link), at);
  if (at + 3 * link.length + restBytesMax > scratch.length)
    throw new RangeError('link is too long');
  at += scratch.write(link, at);
  if (sequence !== undefined)
    at = putVarint(scratch, sequence, putVarint(scratch, tag(2, varint), at));
  at = putDouble(3, sample.timeUnixMs, at);
  at = putDouble(4, sample.intervalMs, at);
  at = putDouble(5, sample.throughputBytesPerSecond, at);
  at = putDouble(6, sample.packetsPerSecond, at);
  at = putDouble(7, sample.throughputPeakBytesPerSecond, at);
  at = putDouble(8, sample.queueBytes, at);
  at = putDouble(9, sample.queuePackets, at);
  at = putDouble(10, sample.queueHighWaterBytes, at);
  at = putDouble(11, sample.latencyP50Seconds, at);
  at = putDouble(12, sample.latencyP95Seconds, at);
  at = putDouble(13, sample.latencyP99Seconds, at);
  at = putDouble(14, sample.connectionsPerSecond, at);
  at = putDouble(15, sample.droppedPackets, at);
  at = putDouble(16, sample.droppedBytes, at);
  at = putDouble(17, sample.limitBytes, at);
  at = putDouble(18, sample.drainBytesPerSecond, at);
  at = putVarint(scratch, originNumbers[sample.origin], putVarint(scratch, tag(19, varint), at));
  return Buffer.from(scratch.subarray(0, at));
}

/** One message at a time is made here and then copied. */
const scratch = Buffer.alloc(4096);
/** What follows the name: a number, 16 doubles with their tags, the origin. */
const restBytesMax = 12 + 16 * 10 + 3;

/** Wire types of protocol buffers. */
const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;

/** As `SampleOrigin` of the contract has them. */
export const originNumbers: Readonly<Record<SampleOrigin, number>> = {
  kernel: 1,
  simulated: 2,
  proc: 3,
  push: 4,
  replay: 5,
  prometheus: 6,
};

function tag(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function putDouble(field: number, value: number | undefined, at: number): number {
  if (value === undefined) return at;
  return scratch.writeDoubleLE(value, putVarint(scratch, tag(field, fixed64), at));
}
