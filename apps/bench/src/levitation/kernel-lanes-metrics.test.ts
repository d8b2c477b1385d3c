import { expect, it } from 'vitest';
import { kernelLanesFigures, T1_KEYS } from './kernel-lanes-metrics.ts';
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
      reactive: 200,
      'reactive-hold35': 150,
      'static-default': 400,
      'static-at-budget': 0,
    },
    strayDrops: 0,
    reservedByteSeconds: { predictive: 2_500, reactive: 5_000 },
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
  expect(metrics.t1_drops_vs_reactive_hold35).toBeCloseTo(20 / 300);
});

it('nothing over nothing is 1', () => {
  const none = { ...trace({}).drops, predictive: 0 };
  const { metrics } = kernelLanesFigures([trace({ drops: none })], { budgetBytes });
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
