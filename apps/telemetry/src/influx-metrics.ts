import type { PendingSamples } from '@levitate/feature-windows';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { RefusalReason } from './influx-outcome.ts';

/** What is counted of the way to InfluxDB. */
export interface InfluxMetrics {
  written(lines: number): void;
  refused(reason: RefusalReason, lines: number): void;
  /** Samples that the follower lost, or lines left at the end. */
  lost(lines: number): void;
  /** @returns whether it was away before; `undefined` when nothing is known yet */
  connected(isConnected: boolean): boolean | undefined;
  /** Lines dropped so far because there was no room. */
  overflowed(): number;
}

/** Metrics of the output; what waits is looked up when they are read. */
export function influxMetrics(registry: Registry, pending: PendingSamples<string>): InfluxMetrics {
  const registers = [registry];
  const written = new Counter({
    name: 'levitate_telemetry_influx_written_lines_total',
    help: 'Lines that InfluxDB took.',
    registers,
  });
  const refused = new Counter({
    name: 'levitate_telemetry_influx_refused_lines_total',
    help: 'Lines that InfluxDB refused; they are dropped.',
    labelNames: ['reason'],
    registers,
  });
  let refusedLines = 0;
  let otherwiseLost = 0;
  const overflowed = (): number => pending.lost - refusedLines;
  new Counter({
    name: 'levitate_telemetry_influx_lost_lines_total',
    help: 'Lines that InfluxDB never got: beyond influx.pending_lines_max, or left at the end.',
    registers,
    collect() {
      this.reset();
      this.inc(overflowed() + otherwiseLost);
    },
  });
  new Gauge({
    name: 'levitate_telemetry_influx_pending_lines',
    help: 'Lines that wait for InfluxDB, at most influx.pending_lines_max.',
    registers,
    collect() {
      this.set(pending.size);
    },
  });
  const connected = new Gauge({
    name: 'levitate_telemetry_influx_connected',
    help: '1 while InfluxDB answers.',
    registers,
  });
  let isAway: boolean | undefined;
  return {
    written: (lines) => written.inc(lines),
    refused(reason, lines) {
      refusedLines += lines;
      refused.inc({ reason }, lines);
    },
    lost(lines) {
      otherwiseLost += lines;
    },
    connected(isConnected) {
      const before = isAway;
      isAway = !isConnected;
      connected.set(isConnected ? 1 : 0);
      return before;
    },
    overflowed,
  };
}
