import type { Clock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import { type ServedService, serve } from '@levitate/grpc-kit';
import type { PathRacer } from '../bandwidth/path-racer.ts';
import type { PredictorConfig } from '../config.ts';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { ModelPool } from '../models/model-pool.ts';
import type { ModelShelf } from '../models/model-shelf.ts';
import { LiquidEngine } from './liquid-engine.ts';
import { liquidRacer } from './liquid-racer.ts';
import { liquidRpcs } from './liquid-rpcs.ts';

/** The liquid capability: what it serves. */
export interface RunningLiquid {
  readonly service: ServedService;
  /** The first ensemble there is, for the race on followed paths. */
  readonly racer: () => PathRacer | undefined;
}

/** Answers calls by liquid ensembles, and lends the first of them to the race on paths. */
export function startLiquid(
  { liquid, bandwidth }: PredictorConfig,
  parts: { shelf: ModelShelf; pool: ModelPool; metrics: InferenceMetrics; clock: Clock },
): RunningLiquid {
  const { shelf, pool, metrics, clock } = parts;
  const budgetMicrowatts = liquid.energy_budget_microwatts;
  const models = () => shelf.serving('liquid');
  const engine = new LiquidEngine({
    ...{ models, pool, metrics, budgetMicrowatts },
    factsOf: (file) => shelf.provenOf(file)?.liquid,
    cacheMax: liquid.cache_max,
    coherenceThreshold: liquid.coherence_threshold,
    nowMs: () => clock.monotonicMs(),
  });
  const roundMs = bandwidth.forecast_interval_ms;
  return {
    service: serve(contracts.liquid, liquidRpcs(engine, metrics)),
    racer() {
      const [file] = models();
      const facts = file && shelf.provenOf(file)?.liquid;
      if (file === undefined || facts === undefined) return undefined;
      return liquidRacer({ file, facts, engine, budgetMicrowatts, roundMs });
    },
  };
}
