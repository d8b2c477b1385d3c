import type { Capability } from '@levitate/models';
import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';

/** Metrics of SPEC 3.3, by capability; CPU and memory are those of every process. */
export interface InferenceMetrics {
  /** Counts and times one inference, whatever becomes of it. */
  timed<Answer>(capability: Capability, work: () => Promise<Answer>): Promise<Answer>;
  cache(capability: Capability, isHit: boolean): void;
  /** Time of a call that the cache answered as a whole, in the service alone. */
  cacheHit(capability: Capability, seconds: number): void;
  /** Coherence of one liquid answer, 0 to 1. */
  coherence(value: number): void;
}

/** Registers them. */
export function inferenceMetrics(options: {
  registry: Registry;
  waiting: () => Iterable<readonly [Capability, number]>;
}): InferenceMetrics {
  const registers = [options.registry];
  const quantiles = new Summary({
    name: 'predictor_inference_seconds',
    help: 'Time of one inference, waiting included: p50, p95, p99 of the last minute.',
    labelNames: ['capability'],
    percentiles: [0.5, 0.95, 0.99],
    maxAgeSeconds: 60,
    ageBuckets: 6,
    registers,
  });
  const duration = new Histogram({
    name: 'predictor_inference_duration_seconds',
    help: 'Time of one inference, waiting included.',
    labelNames: ['capability'],
    buckets: [1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.5, 1],
    registers,
  });
  const inferences = new Counter({
    name: 'predictor_inferences_total',
    help: 'Inferences by capability and outcome: answered, or failed (refused, late, broken).',
    labelNames: ['capability', 'outcome'],
    registers,
  });
  const mean = new MovingMean();
  new Gauge({
    name: 'predictor_coherence_mean',
    help: 'Mean coherence of the newest 1,000 liquid answers; 1 before the first.',
    registers,
    collect() {
      this.set(mean.value);
    },
  });
  new Gauge({
    name: 'predictor_inference_waiting',
    help: 'Requests that wait for a thread.',
    labelNames: ['capability'],
    registers,
    collect() {
      for (const [capability, count] of options.waiting()) this.set({ capability }, count);
    },
  });
  return {
    async timed(capability, work) {
      const startMs = performance.now();
      let outcome = 'failed';
      try {
        const answer = await work();
        outcome = 'answered';
        return answer;
      } finally {
        const seconds = (performance.now() - startMs) / 1000;
        quantiles.observe({ capability }, seconds);
        duration.observe({ capability }, seconds);
        inferences.inc({ capability, outcome });
      }
    },
    ...cacheMetrics(options.registry),
    coherence: (value) => mean.add(value),
  };
}

function cacheMetrics(registry: Registry): Pick<InferenceMetrics, 'cache' | 'cacheHit'> {
  const registers = [registry];
  // Plain numbers until they are scraped: a look into the cache takes less than a labelled counter.
  const counts = new Map<Capability, { hit: number; miss: number }>();
  new Counter({
    name: 'predictor_cache_total',
    help: 'Answers looked up in the cache, by capability and outcome: hit, miss.',
    labelNames: ['capability', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [capability, { hit, miss }] of counts) {
        if (hit > 0) this.inc({ capability, outcome: 'hit' }, hit);
        if (miss > 0) this.inc({ capability, outcome: 'miss' }, miss);
      }
    },
  });
  const hits = new Histogram({
    name: 'predictor_cache_hit_duration_seconds',
    help: 'Time of a call that the cache answered as a whole, without the network and its codec.',
    labelNames: ['capability'],
    buckets: [5e-6, 1e-5, 2e-5, 3e-5, 5e-5, 7e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2],
    registers,
  });
  return {
    cache(capability, isHit) {
      const count = counts.get(capability) ?? { hit: 0, miss: 0 };
      counts.set(capability, count);
      if (isHit) count.hit += 1;
      else count.miss += 1;
    },
    cacheHit: (capability, seconds) => hits.observe({ capability }, seconds),
  };
}

class MovingMean {
  readonly #values: number[] = [];
  #next = 0;
  #sum = 0;

  get value(): number {
    return this.#values.length === 0 ? 1 : this.#sum / this.#values.length;
  }

  add(value: number): void {
    this.#sum += value - (this.#values[this.#next] ?? 0);
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % 1_000;
  }
}
