import type { Sample } from '@levitate/series';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric of the service but those per link. */
export interface TelemetryMetrics {
  /** Samples were offered to the windows and these came of it. */
  appended(outcome: { accepted: number; duplicate: number; late: number; refused: number }): void;
  /** A message of samples got here; its last one, of a live origin, says how old it is. */
  received(samples: readonly Sample[], nowUnixMs: number): void;
  /** Time from the end of a sample's interval to its being in the window, live origins only. */
  reached(samples: readonly Sample[], nowUnixMs: number): void;
  /** Time that one append of a message took. */
  appendSeconds(seconds: number): void;
  /** Samples that a source says, or its sequences show, never got here. */
  lost(source: string, samples: number): void;
  /** Samples that were not samples: NaN, negative, without a time. */
  invalid(source: string, samples: number): void;
  connected(source: string, isConnected: boolean): void;
}

/** At most `sourcesMax` labels: sources come from the configuration, which is bounded. */
export function telemetryMetrics(registry: Registry): TelemetryMetrics {
  const registers = [registry];
  const offered = new Counter({
    name: 'levitate_telemetry_samples_total',
    help: 'Samples offered to the windows, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = (name: string, help: string): Histogram =>
    new Histogram({ name, help, buckets: latencyBuckets, registers });
  const age = duration(
    'levitate_telemetry_sample_to_window_seconds',
    'End of the interval of a live sample to its being in the window (wall clocks).',
  );
  const messageAge = duration(
    'levitate_telemetry_message_age_seconds',
    'End of the last live interval in a message to its arrival here (wall clocks).',
  );
  const append = duration(
    'levitate_telemetry_append_seconds',
    'Arrival of a message of samples to all of them being in the windows.',
  );
  const perSource = (name: string, help: string): Counter<'source'> =>
    new Counter({ name, help, labelNames: ['source'], registers });
  const lost = perSource(
    'levitate_telemetry_source_lost_samples_total',
    'Samples that were measured and never got here.',
  );
  const invalid = perSource(
    'levitate_telemetry_source_invalid_samples_total',
    'Samples that were refused because a value cannot be.',
  );
  const reconnects = perSource(
    'levitate_telemetry_source_disconnects_total',
    'How often the connection of a source was lost.',
  );
  const connected = new Gauge({
    name: 'levitate_telemetry_source_connected',
    help: '1 while the source delivers.',
    labelNames: ['source'],
    registers,
  });
  const wasConnected = new Map<string, boolean>();
  return {
    appended(outcome) {
      for (const key of ['accepted', 'duplicate', 'late', 'refused'] as const) {
        if (outcome[key] > 0) offered.inc({ outcome: key }, outcome[key]);
      }
    },
    received(samples, nowUnixMs) {
      const last = samples.at(-1);
      if (last !== undefined && isLive(last)) messageAge.observe(secondsSince(last, nowUnixMs));
    },
    reached(reached, nowUnixMs) {
      for (const sample of reached) {
        if (isLive(sample)) age.observe(secondsSince(sample, nowUnixMs));
      }
    },
    appendSeconds: (seconds) => append.observe(seconds),
    lost: (source, count) => count > 0 && lost.inc({ source }, count),
    invalid: (source, count) => count > 0 && invalid.inc({ source }, count),
    connected(source, isConnected) {
      connected.set({ source }, isConnected ? 1 : 0);
      if (wasConnected.get(source) && !isConnected) reconnects.inc({ source });
      wasConnected.set(source, isConnected);
    },
  };
}

/** A scrape is as old as its interval is long before anybody can ask for it. */
function isLive({ origin }: Sample): boolean {
  return origin !== 'replay' && origin !== 'prometheus';
}

function secondsSince({ timeUnixMs }: Sample, nowUnixMs: number): number {
  return Math.max(0, (nowUnixMs - timeUnixMs) / 1000);
}

/** The bar is 20 ms at p99 (SPEC 2), so there is a bound there and detail around it. */
const latencyBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
