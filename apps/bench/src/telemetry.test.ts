import { describe, expect, it } from 'vitest';
import type { LoadReading, TelemetryReadings } from './telemetry/telemetry-run.ts';
import { holds } from './telemetry/telemetry-run.ts';
import { telemetryFigures } from './telemetry.ts';

function load(links: number, over: Partial<LoadReading> = {}): LoadReading {
  return {
    links,
    seconds: 60,
    way: 'agents',
    load: { sent: 100, failed: 0, latenessMsMax: 1 },
    received: 100,
    told: 0,
    redisLost: 0,
    latencyMs: { p50: 5, p99: 12, max: 30 },
    cpu: { telemetry: 0.4, redis: 0.1, reader: 0.2, bench: 0.3 },
    stages: {
      receivedMs: { p50: 2, p99: 7 },
      storedMs: { p50: 3, p99: 9 },
      servicePauses: 4,
      readerPauses: 5,
      runDelay: { telemetry: 0.03, redis: 0.1, reader: 0.09, bench: 0.08 },
      stolen: 0.01,
    },
    residentBytes: 4e8,
    ...over,
  };
}

function figures(loads: LoadReading[]) {
  const outage: TelemetryReadings['outage'] = {
    ...load(1000, { received: 97 }),
    outageSeconds: 30,
    pendingMax: 300_000,
    residentBytesMax: 7e8,
    catchUpSeconds: 9,
  };
  return telemetryFigures(
    { loads, pushed: load(1000, { way: 'push' }), outage, environment: {} },
    (one) => holds(one, 20),
  );
}

describe('telemetryFigures', () => {
  it('gives the most links that held', () => {
    const slow = load(3000, { latencyMs: { p50: 5, p99: 20.1, max: 30 } });
    expect(figures([load(1000), load(2000), slow]).metrics).toMatchObject({
      links_at_10hz_one_core: 2000,
      sample_to_window_p99_ms: 12,
      telemetry_cpu_1000_links: 0.4,
    });
  });

  it('one lost sample is one too many, whoever lost it', () => {
    expect(figures([load(1000, { received: 99 })]).metrics.links_at_10hz_one_core).toBe(0);
  });

  it('says of each load where its time went', () => {
    const { loads } = figures([load(1000)]).baseline as { loads: Record<string, number>[] };
    expect(loads[0]).toMatchObject({
      received_p99_ms: 7,
      stored_p99_ms: 9,
      p99_ms: 12,
      telemetry_pauses_over_5ms: 4,
      reader_pauses_over_5ms: 5,
      telemetry_run_delay: 0.03,
      stolen_by_host: 0.01,
    });
  });

  it('counts what the reader never had as lost in the outage, told or not', () => {
    expect(figures([load(1000)]).metrics.samples_lost_in_outage).toBe(3);
  });
});
