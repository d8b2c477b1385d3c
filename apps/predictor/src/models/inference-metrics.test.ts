import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { inferenceMetrics } from './inference-metrics.ts';

it('tells what the cache answered from inferences, and failed ones from answered', async () => {
  const registry = new Registry();
  const metrics = inferenceMetrics({ registry, waiting: () => [['liquid', 3]] });
  metrics.cache('liquid', true);
  metrics.cache('liquid', true);
  metrics.cache('bandwidth', false);
  metrics.cacheHit('liquid', 25e-6);
  await metrics.timed('liquid', async () => 1);
  const broken = metrics.timed('liquid', async () => {
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  const text = await registry.metrics();
  const hit = 'predictor_cache_hit_duration_seconds_bucket{le=';
  expect(text).toContain(`${hit}"0.00002",capability="liquid"} 0`);
  expect(text).toContain(`${hit}"0.00003",capability="liquid"} 1`);
  const looked = (capability: string, outcome: string) =>
    `predictor_cache_total{capability="${capability}",outcome="${outcome}"}`;
  // Read twice: what was counted is not counted again.
  expect(await registry.metrics()).toContain(`${looked('liquid', 'hit')} 2`);
  expect(text).toContain(`${looked('bandwidth', 'miss')} 1`);
  for (const outcome of ['answered', 'failed']) {
    expect(text).toContain(
      `predictor_inferences_total{capability="liquid",outcome="${outcome}"} 1`,
    );
  }
  expect(text).toContain('predictor_inference_waiting{capability="liquid"} 3');
});
