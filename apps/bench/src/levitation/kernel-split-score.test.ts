import { expect, it } from 'vitest';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { scoreSet } from './kernel-split-score.ts';

const plans = [12.5e6, 12.5e6].map((drainBytesPerSecond) => ({ drainBytesPerSecond }));
const trace = { plans, durationMs: 60_000 };
const startUnixMs = 5_000;
/** A reading a second, from 10 s before the trace. */
const times = Float64Array.from({ length: 80 }, (_, i) => startUnixMs - 10_000 + 1_000 * i);

function record(of: (unixMs: number) => number, queued = 0): LaneRecord<string> {
  return {
    name: 'a',
    rule: 'x',
    timeUnixMs: times,
    dropped: times.map((unixMs) => unixMs / 1_000),
    limitBytes: times.map(of),
    backlogBytes: times.map(() => queued),
  };
}

it('counts drops in the spans of each queue, and what packets and limits took', () => {
  const rising = record((unixMs) => (unixMs < startUnixMs + 30_000 ? 200 : 400), 125_000);
  const totals = scoreSet([rising, record(() => 250_000)], {
    trace,
    memoryBytes: 500_000,
    startUnixMs,
    spans: [[{ fromMs: 10_000, toMs: 20_000 }], [{ fromMs: 40_000, toMs: 45_000 }]],
  });
  // A drop a second; spans reach from the reading before to the reading at their end.
  expect(totals.drops).toBe(11 + 6);
  expect(totals.reserved).toBeCloseTo((300 + 250_000) / 500_000, 9);
  expect(totals.changesPerMinute).toBeCloseTo(0.5, 9);
  expect(totals.occupied).toBeCloseTo(0.25, 9);
  expect(totals.longestDelayMs).toBeCloseTo(10, 3);
  expect(totals.heldMost).toBeCloseTo(0.75, 9);
});
