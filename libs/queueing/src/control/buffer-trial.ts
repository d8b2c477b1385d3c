import { strict as assert } from 'node:assert';
import type { SeededRandom } from '@levitate/clock';
import { scaledPackets } from './bounded-buffer.ts';
import { bufferTrialLength } from './run-trial.ts';

/** Packets of each millisecond of a file, as they are or scaled. */
export interface PacketFile {
  name: string;
  packetsPerMs: ArrayLike<number>;
}

/** The workload of one trial of the buffer. */
export interface BufferTrial {
  packetsPerMs: ArrayLike<number>;
  /** Stretch of the source in which the counted part begins: what a bootstrap draws. */
  block: string;
}

const blockMs = 60_000;
const uncountedMs = bufferTrialLength.uncountedSeconds * 1000;
const trialMs = uncountedMs + bufferTrialLength.countedSeconds * 1000;

/**
 * Draw trials of 80 s at any millisecond; a file is as likely as it has room for them. Each file
 * is scaled as a whole before. A counted part is as long as a block, so two neighbouring blocks may
 * share some of it.
 * @param options.load of the drain; default 0.3
 */
export function drawBufferTrials(options: {
  files: readonly PacketFile[];
  count: number;
  random: SeededRandom;
  load?: number;
}): BufferTrial[] {
  const { files, count, random, load } = options;
  const scaled = files
    .filter(({ packetsPerMs }) => packetsPerMs.length >= trialMs)
    .map(({ name, packetsPerMs }) => ({ name, packets: scaledPackets(packetsPerMs, load) }));
  const room = scaled.reduce((sum, { packets }) => sum + packets.length - trialMs + 1, 0);
  assert(room > 0, `no file has ${trialMs} ms in a row`);
  return Array.from({ length: count }, () => {
    let start = random.integer(room);
    for (const { name, packets } of scaled) {
      const here = packets.length - trialMs + 1;
      if (start < here) {
        const block = `${name}/${Math.floor((start + uncountedMs) / blockMs)}`;
        return { packetsPerMs: packets.subarray(start, start + trialMs), block };
      }
      start -= here;
    }
    throw new assert.AssertionError({ message: 'a start lies in some file' });
  });
}
