import type { Bench, BenchKey } from './bench.ts';
import { joinFigures } from './report.ts';

const KEYS: readonly BenchKey[] = [
  { key: 'vector_error_max', meaning: 'outputs and states, reference vectors', atMost: 1e-6 },
  { key: 'gradient_error_max', meaning: 'gradients, reference vectors', atMost: 1e-4 },
  { key: 'latency_p95_ms', meaning: 'over gRPC, 200/s, by all members', atMost: 10 },
  { key: 'cache_hit_p99_ms', meaning: 'a window asked before, in the service', atMost: 0.1 },
  { key: 'error_rate', meaning: 'errors and numbers that are none, 200/s', atMost: 0.01 },
  { key: 'risk_top_half_vs_all', meaning: 'WAPE, more coherent half / all, worst', atMost: 0.9 },
  { key: 'vs_lstm_equal_size', meaning: 'WAPE of the ensemble / of the LSTM' },
];

/** Liquid inference: the reference vectors, what coherence is worth, what a service of it costs. */
export const liquid: Bench = {
  name: 'liquid',
  summary: 'liquid networks: reference vectors, coherence against error, latency of the service',
  keys: KEYS,
  async run(context) {
    // Loaded when they run, so that help and wrong arguments need not wait for them.
    const { vectorFigures } = await import('./liquid/vector-figures.ts');
    const { openShippedLiquid } = await import('./liquid/shipped-liquid.ts');
    const { coherenceFigures } = await import('./liquid/coherence-figures.ts');
    const { serviceFigures } = await import('./liquid/service-figures.ts');
    const shipped = await openShippedLiquid();
    // The service first, while this process, which asks it, has little to collect.
    const service = await serviceFigures(context, shipped);
    return joinFigures([
      vectorFigures(context.dataDirectory),
      await coherenceFigures(context, shipped),
      service,
    ]);
  },
};
