import type { predictor } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { LiquidAnswers, LiquidEngine } from './liquid-engine.ts';

/** `levitate.predictor.v1.LiquidService`. */
export function liquidRpcs(
  engine: LiquidEngine,
  metrics: Pick<InferenceMetrics, 'cacheHit'>,
): Handlers<predictor.LiquidServiceMethods> {
  return {
    inferLiquid({ model, windows }, { signal, deadlineUnixMs }) {
      const startMs = performance.now();
      const looked = engine.look({ model, windows });
      if (looked.missing.length > 0) {
        return engine.infer(looked, { signal, deadlineUnixMs }).then(responseOf);
      }
      const response = responseOf(engine.known(looked));
      metrics.cacheHit('liquid', (performance.now() - startMs) / 1000);
      return response;
    },
  };
}

function responseOf(made: LiquidAnswers): predictor.InferLiquidResponseInit {
  return {
    answers: made.answers.map(({ values, coherence, isCoherent, cached }) => ({
      values: [...values],
      coherence,
      coherent: isCoherent,
      cached,
    })),
    model: made.model,
    backend: made.backend,
    members: made.members,
    governor: made.governor,
    modelledEnergyMicrojoules: made.microjoules,
  };
}
