import { Counter, Gauge, type Registry } from 'prom-client';
import type { SamplerOutcome } from './prometheus-sampler.ts';
import { type PromqlErrorKind, promqlErrorKinds } from './promql-error.ts';

/** Metrics of the queries; those of every source are in `TelemetryMetrics`. */
export interface PrometheusMetrics {
  failed(kind: PromqlErrorKind): void;
  /** A round had answers. @param notNumbers values that were NaN or infinite */
  took(outcome: SamplerOutcome, notNumbers: number): void;
}

/** Registered only where a Prometheus is queried. */
export function prometheusMetrics(registry: Registry): PrometheusMetrics {
  const registers = [registry];
  const errors = new Counter({
    name: 'levitate_telemetry_prometheus_query_errors_total',
    help: 'Queries that gave no result, by what was wrong.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of promqlErrorKinds) errors.inc({ kind }, 0);
  const leftOut = new Counter({
    name: 'levitate_telemetry_prometheus_left_out_total',
    help: 'Series and values of answers that no sample was made of, by why.',
    labelNames: ['why'],
    registers,
  });
  const links = new Gauge({
    name: 'levitate_telemetry_prometheus_links',
    help: 'Links the newest answers had values of.',
    registers,
  });
  return {
    failed: (kind) => errors.inc({ kind }),
    took(outcome, notNumbers) {
      leftOut.inc({ why: 'not-a-number' }, notNumbers);
      leftOut.inc({ why: 'impossible-value' }, outcome.impossibleValues);
      leftOut.inc({ why: 'ambiguous-value' }, outcome.ambiguousValues);
      leftOut.inc({ why: 'unnamed-series' }, outcome.unnamedSeries);
      links.set(outcome.links);
    },
  };
}
