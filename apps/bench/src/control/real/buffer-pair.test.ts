import { bufferBench } from '@levitate/queueing';
import { describe, expect, it } from 'vitest';
import type { LaneRecord } from '../../levitation/kernel-lanes-record.ts';
import { type PlayedPair, pairOf } from './buffer-pair.ts';

const { sizeMax } = bufferBench;
const startUnixMs = 1_000_000;
const simulated = { cost: 1, otherCost: 2 };
/** A packet a millisecond: 60,000 count. */
const packetsPerMs = new Uint16Array(80_000).fill(1);
const quiet = { startUnixMs, hostDroppedPackets: 0, starvedMs: 0, refused: 0, late: [] };

/** Read once a second. */
function record(
  limitBytes: (second: number) => number,
  dropped: (second: number) => number,
): LaneRecord<string> {
  const seconds = Array.from({ length: 82 }, (_, second) => second);
  return {
    name: 'lane',
    rule: 'any',
    timeUnixMs: Float64Array.from(seconds, (second) => startUnixMs + 1000 * second),
    dropped: Float64Array.from(seconds, dropped),
    limitBytes: Float64Array.from(seconds, limitBytes),
    backlogBytes: new Float64Array(seconds.length),
  };
}

function played(traffic: Partial<PlayedPair['traffic']> = {}): PlayedPair {
  const ours = record(
    (second) => (second < 50 ? sizeMax : sizeMax / 2),
    (second) => (second < 10 ? 100 * second : 1_000),
  );
  const other = record(
    () => sizeMax,
    (second) => (second < 60 ? 0 : 600),
  );
  return { records: [ours, other], traffic: { ...quiet, ...traffic } };
}

describe('pairOf', () => {
  it('counts the last minute: drops, limit x time over the largest, changes', () => {
    const pair = pairOf({ packetsPerMs, simulated }, played());
    // Half of the minute at all of it, half at half, one change; earlier losses do not count.
    expect(pair.cost).toBeCloseTo(0.75 + 0.01, 6);
    // One packet in a hundred lost.
    expect(pair.otherCost).toBeCloseTo(1 + 1, 6);
    expect(pair.simulated).toBe(simulated);
  });

  it('bears a few late packets, and none that the machine took', () => {
    const late = (count: number, lateMs: number) =>
      Array.from({ length: count }, (_, index) => ({ atMs: 30_000 + index, lateMs }));
    const run = { packetsPerMs, simulated };
    expect(pairOf(run, played({ late: late(600, 30) })).cost).toBeGreaterThan(0);
    expect(pairOf(run, played({ late: late(5_000, 19) })).cost).toBeGreaterThan(0);
    expect(() => pairOf(run, played({ late: late(601, 30) }))).toThrow(/601 of 60000 packets/);
    expect(() => pairOf(run, played({ hostDroppedPackets: 3 }))).toThrow(/dropped 3 packets/);
    expect(() => pairOf(run, played({ starvedMs: 1 }))).toThrow(/no packets in time/);
  });
});
