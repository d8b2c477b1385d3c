import { loadConfig } from '@levitate/service-kit';
import { expect, it } from 'vitest';
import { predictorConfig } from './config.ts';
import { withKeptNames } from './kept-names.ts';

const load = async (env: Record<string, string>) => {
  const definition = { service: 'predictor', schema: predictorConfig };
  const loaded = await loadConfig(definition, { argv: [], env: withKeptNames(env) });
  if (!loaded.ok) throw new Error(loaded.faults.map(({ problem }) => problem).join());
  return loaded.config;
};

it('the names the liquid engine has always had still set it', async () => {
  const config = await load({
    QUANTUM_COHERENCE_THRESHOLD: '0.7',
    ENERGY_BUDGET_UW: '12.5',
    ENABLE_METRICS: 'False',
    LOG_LEVEL: 'WARNING',
    NEURAL_BACKEND: 'typescript',
  });
  expect(config.liquid).toMatchObject({
    coherence_threshold: 0.7,
    energy_budget_microwatts: 12.5,
    enable_metrics: false,
  });
  expect(config.log_level).toBe('warn');
  expect(config.models.backend).toBe('typescript');
});

it('a name of today wins over the kept one, and without any the defaults hold', async () => {
  const config = await load({
    ENERGY_BUDGET_UW: '12.5',
    LEVITATE_PREDICTOR_LIQUID__ENERGY_BUDGET_MICROWATTS: '13',
  });
  expect(config.liquid.energy_budget_microwatts).toBe(13);
  const { liquid } = await load({});
  expect(liquid.coherence_threshold).toBe(0.6);
  expect(liquid.energy_budget_microwatts).toBe(50);
});
