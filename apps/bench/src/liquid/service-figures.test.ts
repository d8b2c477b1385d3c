import { expect, it } from 'vitest';
import { figuresOf } from './service-figures.ts';

const load = (latenciesMs: number[], errors = 0) => ({
  ...{ sent: latenciesMs.length + errors, errors, firstError: errors > 0 ? 'refused' : '' },
  ...{ latenciesMs, members: [6, 6] as const },
});
const readings = {
  warm: load([50]),
  fresh: load([1, 2, 3, 40]),
  repeated: load([0.5, 1], 2),
  ...{ hitSeconds: 4e-5, modelled: 1600, budget: 2400, cpu: 1, shipped: { members: [1, 6] } },
};

it('counts latency from new windows alone, and errors of both parts', () => {
  const { metrics, baseline } = figuresOf(readings);
  expect(metrics.latency_p95_ms).toBe(40);
  expect(metrics.error_rate).toBe(2 / 8);
  expect(metrics.cache_hit_p99_ms).toBeCloseTo(0.04, 12);
  expect(baseline.service).toMatchObject({ first_error: 'refused', cached_p99_ms_over_grpc: 1 });
  expect(baseline.under_shipped_budget).toEqual({ members: [1, 6] });
});

it('says why where the service counted no hit', () => {
  const { metrics, notMeasured } = figuresOf({ ...readings, hitSeconds: undefined });
  expect(metrics).not.toHaveProperty('cache_hit_p99_ms');
  expect(notMeasured.cache_hit_p99_ms).toMatch(/no cache hit/);
});
