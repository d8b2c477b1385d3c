import type { Bench, BenchFigures, BenchKey } from './bench.ts';
import { allNotMeasured } from './report.ts';
import { choosePinning } from './telemetry/core-pinning.ts';
import { RedisProcess } from './telemetry/redis-process.ts';
import type { LoadReading, TelemetryReadings } from './telemetry/telemetry-run.ts';

const P99_MS_MAX = 20;
const KEYS: readonly BenchKey[] = [
  { key: 'links_at_10hz_one_core', meaning: 'most that held, nothing lost', atLeast: 1000 },
  { key: 'sample_to_window_p99_ms', meaning: 'at 1,000 links, by the reader', atMost: P99_MS_MAX },
  { key: 'push_to_window_p99_ms', meaning: 'the same by a unary call a message' },
  { key: 'samples_lost_in_outage', meaning: 'Redis killed at 1,000 links', atMost: 0 },
  { key: 'telemetry_cpu_1000_links', meaning: 'cores, of the one it has' },
  { key: 'outage_pending_samples', meaning: 'waited at its end; the bound is 600,000' },
  { key: 'outage_resident_mb', meaning: 'telemetry, at most, windows included' },
  { key: 'outage_catch_up_s', meaning: 'Redis back to nothing waiting' },
];

/** How many links one telemetry on one core takes into Redis, and what an outage of it costs. */
export const telemetry: Bench = {
  name: 'telemetry',
  summary: 'links at 10 Hz on one core into Redis, sample to window, an outage of Redis',
  keys: KEYS,
  async run(context) {
    const pinning = choosePinning();
    const missing = typeof pinning === 'string' ? pinning : RedisProcess.missing();
    if (typeof pinning === 'string' || missing !== undefined) {
      const keys = KEYS.map(({ key }) => key);
      return allNotMeasured(keys, missing ?? '');
    }
    // Loaded when it runs, so that help and wrong arguments need not wait for it.
    const { runTelemetry, holds } = await import('./telemetry/telemetry-run.ts');
    const readings = await runTelemetry(context, { pinning, p99MsMax: P99_MS_MAX });
    return telemetryFigures(readings, (load) => holds(load, P99_MS_MAX));
  },
};

/** Turn the readings of a run into the keys of the bench. Pure. */
export function telemetryFigures(
  { loads, pushed, outage, environment }: TelemetryReadings,
  isHeld: (load: LoadReading) => boolean,
): BenchFigures {
  const [first] = loads;
  const held = loads.filter(isHeld).map(({ links }) => links);
  const metrics: Record<string, number> = {
    links_at_10hz_one_core: Math.max(0, ...held),
    push_to_window_p99_ms: pushed.latencyMs.p99,
    samples_lost_in_outage: outage.load.sent - outage.received,
    outage_pending_samples: outage.pendingMax,
    outage_resident_mb: outage.residentBytesMax / 1e6,
    outage_catch_up_s: outage.catchUpSeconds,
  };
  if (first !== undefined) {
    metrics.sample_to_window_p99_ms = first.latencyMs.p99;
    metrics.telemetry_cpu_1000_links = first.cpu.telemetry;
  }
  return {
    metrics,
    baseline: { loads: [...loads, pushed].map(loadRow), outage: { ...outage } },
    environment: { ...environment, measured_seconds: first?.seconds },
    notMeasured: {},
  };
}

/** One load with everything that was lost on it, by whose account. */
function loadRow({
  load,
  latencyMs,
  cpu,
  stages,
  ...row
}: LoadReading): Record<string, number | string> {
  const { receivedMs, storedMs, runDelay } = stages;
  return {
    ...row,
    sent: load.sent,
    failed: load.failed,
    lost: load.sent - row.received,
    host_lateness_ms_max: load.latenessMsMax,
    received_p50_ms: receivedMs.p50,
    received_p99_ms: receivedMs.p99,
    stored_p50_ms: storedMs.p50,
    stored_p99_ms: storedMs.p99,
    p50_ms: latencyMs.p50,
    p99_ms: latencyMs.p99,
    max_ms: latencyMs.max,
    telemetry_cpu: cpu.telemetry,
    redis_cpu: cpu.redis,
    reader_cpu: cpu.reader,
    bench_cpu: cpu.bench,
    telemetry_pauses_over_5ms: stages.servicePauses,
    reader_pauses_over_5ms: stages.readerPauses,
    telemetry_run_delay: runDelay.telemetry,
    redis_run_delay: runDelay.redis,
    reader_run_delay: runDelay.reader,
    bench_run_delay: runDelay.bench,
    stolen_by_host: stages.stolen,
  };
}
