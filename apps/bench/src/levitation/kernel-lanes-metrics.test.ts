import { expect, it } from 'vitest';
import { levitation } from '../levitation.ts';
import { kernelLanesFigures, NO_TRACE, T1_KEYS } from './kernel-lanes-metrics.ts';
import type { TraceScore } from './kernel-lanes-score.ts';

const budgetBytes = () => 1_000;

function trace(over: Partial<TraceScore>): TraceScore {
  return {
    cell: 'periodic',
    index: 0,
    kind: 'periodic',
    bursts: [],
    voidBursts: 0,
    drops: {
      predictive: 5,
      'predictive-statistical': 12,
      reactive: 200,
      'static-default': 400,
    },
    strayDrops: 0,
    reservedByteSeconds: { predictive: 2_500, 'predictive-statistical': 4_000, reactive: 5_000 },
    seconds: 10,
    changes: { predictive: 4 },
    delaysMs: [1, 2, 3],
    reactiveDelaysMs: [1],
    ...over,
  };
}

it('ratios are sums over all traces of the feasible cells', () => {
  const { metrics } = kernelLanesFigures(
    [trace({}), trace({ cell: 'precursor', drops: { ...trace({}).drops, predictive: 15 } })],
    { budgetBytes },
  );
  expect(metrics.t1_kernel_drops_predictive).toBe(20);
  expect(metrics.t1_drops_vs_reactive).toBeCloseTo(20 / 400);
  expect(metrics.t1_drops_vs_static_default).toBeCloseTo(20 / 800);
});

it('lanes without models have their own figures, from the same traces', () => {
  const two = [trace({}), trace({ cell: 'precursor' }), trace({ cell: 'memoryless' })];
  const { metrics, baseline } = kernelLanesFigures(two, { budgetBytes });
  expect(metrics.t1_kernel_drops_predictive_statistical).toBe(24);
  expect(metrics.t1_drops_vs_reactive_statistical).toBeCloseTo(24 / 400);
  expect(metrics.t1_drops_vs_static_default_statistical).toBeCloseTo(24 / 800);
  expect(metrics.t1_memoryless_drops_vs_reactive_statistical).toBeCloseTo(12 / 200);
  expect(baseline.t1_drops_vs_reactive_statistical).toMatchObject({
    ...{ 'predictive-statistical': 24, reactive: 400 },
    precursor: { 'predictive-statistical': 12, reactive: 200 },
  });
});

it('a trace without such a lane says nothing of it', () => {
  const { 'predictive-statistical': _, ...drops } = trace({}).drops;
  const reservedByteSeconds = { predictive: 9_000 };
  const infeasible = trace({ cell: 'infeasible', drops, reservedByteSeconds });
  const { metrics, baseline } = kernelLanesFigures([trace({}), infeasible], { budgetBytes });
  expect(metrics.t1_reserved_vs_static_at_budget).toBeCloseTo(0.575);
  expect(metrics.t1_reserved_vs_static_at_budget_statistical).toBeCloseTo(0.4);
  // What stands beside it is of the trace that both ran in.
  expect(baseline.t1_reserved_vs_static_at_budget_statistical).toMatchObject({
    same_traces: { predictive: 0.25, reactive: 0.5 },
  });
  const alone = kernelLanesFigures([trace({ drops })], { budgetBytes });
  expect(alone.metrics.t1_kernel_drops_predictive_statistical).toBeUndefined();
  expect(alone.notMeasured.t1_drops_vs_reactive_statistical).toBe(NO_TRACE);
});

it('the honest rivals are judged in their own cell, which no other figure counts', () => {
  const drops = { predictive: 7, 'reactive-hold35': 150, 'static-at-budget': 1 };
  const rivals = trace({ cell: 'rivals', drops, reservedByteSeconds: { predictive: 1e9 } });
  const { metrics } = kernelLanesFigures([trace({}), rivals], { budgetBytes });
  expect(metrics.t1_drops_vs_reactive_hold35).toBeCloseTo(7 / 150);
  expect(metrics.t1_drops_vs_static_at_budget).toBe(7);
  expect(metrics.t1_kernel_drops_predictive).toBe(5);
  expect(metrics.t1_reserved_vs_static_at_budget).toBeCloseTo(0.25);
});

it('the table of the bench has every key', () => {
  const stated = levitation.keys.map(({ key }) => key).filter((key) => key.startsWith('t1_'));
  expect(stated.toSorted()).toEqual(T1_KEYS.toSorted());
});

it('nothing over nothing is 1', () => {
  const drops = { predictive: 0, 'static-at-budget': 0 };
  const { metrics } = kernelLanesFigures([trace({ cell: 'rivals', drops })], { budgetBytes });
  expect(metrics.t1_drops_vs_static_at_budget).toBe(1);
});

it('a cell whose baseline dropped fewer than 100 packets is void and named', () => {
  const few = { ...trace({}).drops, reactive: 99 };
  const both = [trace({}), trace({ cell: 'precursor', drops: few })];
  const { metrics, notMeasured } = kernelLanesFigures(both, { budgetBytes });
  expect(metrics.t1_drops_vs_reactive).toBeCloseTo(5 / 200);
  expect(notMeasured['t1_drops_vs_reactive.precursor']).toMatch(/precursor is void.* 99 packets/);
  const alone = kernelLanesFigures([trace({ drops: few })], { budgetBytes });
  expect(alone.metrics.t1_drops_vs_reactive).toBeUndefined();
  expect(alone.notMeasured.t1_drops_vs_reactive).toMatch(/void/);
});

it('reserved memory is stated against always holding the budget, the seed pattern left out', () => {
  const scores = [trace({}), trace({ cell: 'seed', reservedByteSeconds: { predictive: 1e9 } })];
  const { metrics } = kernelLanesFigures(scores, { budgetBytes });
  expect(metrics.t1_reserved_vs_static_at_budget).toBeCloseTo(0.25);
});

it('every key has a finite figure or a reason', () => {
  for (const scores of [[], [trace({})], [trace({ cell: 'infeasible', drops: { oracle: 500 } })]]) {
    const { metrics, notMeasured } = kernelLanesFigures(scores, { budgetBytes });
    for (const key of T1_KEYS) {
      expect(Number.isFinite(metrics[key]) !== (notMeasured[key] !== undefined), key).toBe(true);
    }
  }
});
