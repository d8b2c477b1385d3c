import type { BurstForecast } from '@levitate/forecast';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ForecastBook } from './forecast-book.ts';
import type { LinkForecasts } from './link-forecasts.ts';

/** Every metric of the predictor. No label names a link, so that their number stays small. */
export interface PredictorMetrics {
  /** One tick: its forecasts, and how long they took together. */
  tick(forecasts: readonly BurstForecast[], seconds: number): void;
  learnt(outcome: { learnt: number; refused: number; malformed: number; lost: number }): void;
  failure(): void;
  /** The last counts of a link before it is gone. */
  forget(link: string, forecasts: LinkForecasts): void;
}

/** Registers the metrics; the gauges read `book` and `streams` when they are scraped. */
export function predictorMetrics(options: {
  registry: Registry;
  book: () => ForecastBook;
  streams: () => number;
}): PredictorMetrics {
  const { registry, book, streams } = options;
  const registers = [registry];
  const forecasts = new Counter({
    name: 'predictor_forecasts_total',
    help: 'Forecasts made, by forecaster and whether a burst was predicted.',
    labelNames: ['model', 'predicted'],
    registers,
  });
  const abstentions = new Counter({
    name: 'predictor_abstentions_total',
    help: 'Forecasts without a predicted burst, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const duration = new Histogram({
    name: 'predictor_forecast_duration_seconds',
    help: 'Time one forecast of one link took, mean of its tick.',
    buckets: [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1],
    registers,
  });
  const samples = new Counter({
    name: 'predictor_samples_total',
    help: 'Samples from telemetry: learnt, refused (too many links), malformed, lost on the way.',
    labelNames: ['outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'predictor_forecaster_failures_total',
    help: 'Forecasters that failed and were replaced by a fresh one.',
    registers,
  });
  new Gauge({
    name: 'predictor_links',
    help: 'Links followed.',
    registers,
    collect() {
      this.set(book().size);
    },
  });
  new Gauge({
    name: 'predictor_streams',
    help: 'Readers of StreamForecasts.',
    registers,
    collect() {
      this.set(streams());
    },
  });
  const score = scoreCounter(registry, book);
  return {
    tick(made, seconds) {
      for (const { model, burstPredicted, abstained } of made) {
        forecasts.inc({ model, predicted: String(burstPredicted) });
        for (const reason of abstained) abstentions.inc({ reason });
      }
      if (made.length > 0) duration.observe(seconds / made.length);
    },
    learnt(outcome) {
      for (const [name, count] of Object.entries(outcome)) {
        if (count > 0) samples.inc({ outcome: name }, count);
      }
    },
    failure: () => failures.inc(),
    forget: (link, gone) => score.forget(link, gone),
  };
}

/** Hits, misses and false alarms of all links, added up when they are scraped. */
function scoreCounter(registry: Registry, book: () => ForecastBook) {
  const seen = new Map<string, number>();
  const count = (link: string, forecasts: LinkForecasts, counter: Counter) => {
    for (const { forecaster, score } of forecasts.scores) {
      const { hits, misses, falseAlarms } = score;
      for (const [outcome, now] of Object.entries({ hits, misses, falseAlarms })) {
        const key = `${link}\n${forecaster}\n${outcome}`;
        // A forecaster that started afresh counts from 0 again.
        const before = Math.min(seen.get(key) ?? 0, now);
        if (now > before)
          counter.inc({ forecaster, outcome: OUTCOMES[outcome] ?? outcome }, now - before);
        seen.set(key, now);
      }
    }
  };
  const claims = new Counter({
    name: 'predictor_claims_total',
    help: 'Onsets and claims judged, by forecaster: hit, miss, false_alarm (SPEC 3.1).',
    labelNames: ['forecaster', 'outcome'],
    registers: [registry],
    collect() {
      for (const [link, forecasts] of book().entries()) count(link, forecasts, this);
    },
  });
  return {
    forget(link: string, forecasts: LinkForecasts) {
      count(link, forecasts, claims);
      for (const key of seen.keys()) if (key.startsWith(`${link}\n`)) seen.delete(key);
    },
  };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  hits: 'hit',
  misses: 'miss',
  falseAlarms: 'false_alarm',
};
