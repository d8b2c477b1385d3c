import { planTraffic } from '@levitate/traffic';
import { expect, it } from 'vitest';
import { CLASSES, slowResourceFigures, type TraceOutcome } from './slow-resource-figures.ts';
import { type PoolTotals, poolTrace } from './slow-resource-run.ts';

const plan = planTraffic({
  kind: 'periodic',
  seed: 1,
  durationMs: 120_000,
  basePps: [1000, 1000],
  drainBytesPerSecond: 30e6,
});
const trace = poolTrace(plan);

/** A policy that rejected so many packets with so much of the peak in reserve. */
function totals(rejectedPackets: number, reservedShare: number): PoolTotals {
  return {
    arrivedBytes: 1e6 * plan.packetBytes,
    rejectedBytes: rejectedPackets * plan.packetBytes,
    reservedMean: reservedShare * trace.peakDemand,
    changesPerMinute: 0,
  };
}

const outcome: TraceOutcome = {
  trace,
  servedBy: { 'learned@1': 3 },
  totals: {
    reactiveHold10: totals(1000, 0.5),
    reactive: totals(500, 0.9),
    staticMax: totals(0, 1),
    constant: totals(0, 0.9),
    perfect: totals(0, 0.4),
    real: totals(10, 0.45),
    shuffled: totals(600, 0.9),
    statistical: totals(100, 0.6),
    statisticalShuffled: totals(700, 0.9),
  },
};

it('the figures of the service stand beside those of the statistical forecasters', () => {
  const outcomes = new Map(CLASSES.map(({ name }) => [name, [outcome, outcome]]));
  const { metrics, servedBy } = slowResourceFigures({ outcomes, traces: 2, durationMs: 120_000 });
  expect(metrics.t4_1s_drops_vs_reactive).toBeCloseTo(0.01);
  expect(metrics.t4_1s_drops_vs_reactive_statistical).toBeCloseTo(0.1);
  expect(metrics.t4_1s_reserved_vs_static_max).toBeCloseTo(0.45);
  expect(metrics.t4_1s_reserved_vs_static_max_statistical).toBeCloseTo(0.6);
  expect(metrics.gain_real_over_perfect).toBeGreaterThan(0.85);
  expect(metrics.gain_real_over_perfect_statistical).toBeLessThan(0.7);
  expect(servedBy.periodic).toEqual({ 'learned@1': 6 });
});

it('a cell whose baseline rejects nothing is void and named, on both ways', () => {
  const quiet = { ...outcome, totals: { ...outcome.totals, reactiveHold10: totals(2, 0.5) } };
  const outcomes = new Map(CLASSES.map(({ name }) => [name, [quiet]]));
  const { metrics, notMeasured } = slowResourceFigures({ outcomes, traces: 1, durationMs: 1 });
  for (const key of ['t4_1s_drops_vs_reactive', 't4_1s_drops_vs_reactive_statistical']) {
    expect(metrics).not.toHaveProperty(key);
    expect(notMeasured[key]).toMatch(/fewer than 10/);
  }
});
