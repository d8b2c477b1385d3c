import type { Bench, BenchFigures, BenchKey } from './bench.ts';
import { whatIsMissing } from './kernel-needs.ts';
import type { OverheadReadings } from './overhead/overhead-run.ts';
import {
  bucketsCount,
  bucketsQuantile,
  bucketsSince,
  histogramBuckets,
  metricSum,
} from './prometheus-text.ts';
import { allNotMeasured } from './report.ts';

const KEYS: readonly BenchKey[] = [
  { key: 'agent_cpu', meaning: 'cores for 50 links, supervisor included', atMost: 0.02 },
  { key: 'telemetry_cpu', meaning: 'cores for 50 links', atMost: 0.05 },
  { key: 'predictor_cpu', meaning: 'cores for 50 links', atMost: 0.05 },
  { key: 'controller_cpu', meaning: 'cores for 50 links', atMost: 0.05 },
  { key: 'loop_p99_ms', meaning: 'own work (CPU) of one firing, all targets', atMost: 5 },
  { key: 'loop_wall_p99_ms', meaning: 'the same by the wall: others on its core included' },
  { key: 'end_to_end_p99_ms', meaning: 'kernel sample to kernel change', atMost: 100 },
  { key: 'loop_period_drift_ms', meaning: 'lateness on the grid, last minute - first' },
  { key: 'loop_periods_missed', meaning: 'grid points at which the loop did not fire' },
  {
    key: 'xdp_ns_per_packet',
    meaning: 'what the XDP program adds in a stream, median',
    atMost: 100,
  },
  { key: 'map_update_p99_us', meaning: 'update of an eBPF map from TypeScript', atMost: 20 },
];
const CPU_KEYS = {
  'ebpf-agent': 'agent_cpu',
  telemetry: 'telemetry_cpu',
  predictor: 'predictor_cpu',
  'fsu-controller': 'controller_cpu',
} as const;
/** Fewer changes than this have no 99th percentile worth the name. */
const CHANGES_MIN = 100;
/** Of the eBPF programs; a median of fewer says little. */
const ROUNDS_MIN = 20;

/** What control costs: 50 real links with traffic, every service its own process, enforcing. */
export const overhead: Bench = {
  name: 'overhead',
  summary: 'what control costs: CPU of each service and the loop, on 50 real links (as root)',
  keys: KEYS,
  async run(context) {
    const missing = whatIsMissing('50 veth pairs in network namespaces');
    if (missing !== undefined) {
      return allNotMeasured(
        KEYS.map(({ key }) => key),
        missing,
      );
    }
    // Loaded when it runs, so that help and wrong arguments need not wait for it.
    const { runOverhead } = await import('./overhead/overhead-run.ts');
    return overheadFigures(await runOverhead(context));
  },
};

/** Turn the readings of a run into the keys of the bench. Pure. */
export function overheadFigures(readings: OverheadReadings): BenchFigures {
  const { before, after, seconds } = readings;
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  for (const [service, key] of Object.entries(CPU_KEYS)) {
    const used = (after.cpuSeconds[service] ?? 0) - (before.cpuSeconds[service] ?? 0);
    figures.metrics[key] = used / seconds;
  }
  addQuantile(figures, readings, {
    key: 'loop_p99_ms',
    histogram: 'fsu_loop_cpu_seconds',
    least: 1,
  });
  addQuantile(figures, readings, {
    key: 'loop_wall_p99_ms',
    histogram: 'fsu_loop_duration_seconds',
    least: 1,
  });
  addQuantile(figures, readings, {
    key: 'end_to_end_p99_ms',
    histogram: 'fsu_sample_to_change_seconds',
    least: CHANGES_MIN,
  });
  const missed = 'fsu_loop_missed_periods_total';
  figures.metrics.loop_periods_missed =
    (metricSum(after.metrics, missed) ?? 0) - (metricSum(before.metrics, missed) ?? 0);
  addDrift(figures, readings.latenessMs);
  addProgramCosts(figures, readings.programs);
  Object.assign(figures.environment, readings.environment);
  return figures;
}

function addProgramCosts(figures: BenchFigures, programs: OverheadReadings['programs']): void {
  const { metrics, baseline, notMeasured } = figures;
  const { sparse, dense } = programs;
  if (typeof sparse === 'string' || typeof dense === 'string') {
    const reason = typeof sparse === 'string' ? sparse : `${dense}`;
    notMeasured.xdp_ns_per_packet = reason;
    notMeasured.map_update_p99_us = reason;
    return;
  }
  for (const [name, ns] of Object.entries(sparse.nsPerRun)) baseline[`${name}_ns_sparse`] = ns;
  const { nsPerRun, runs } = dense;
  const { mapUpdateUs } = sparse;
  const sorted = mapUpdateUs.toSorted();
  metrics.map_update_p99_us = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  baseline.map_update_p50_us = sorted[sorted.length >> 1] ?? 0;
  baseline.map_update_count = sorted.length;
  for (const [name, ns] of Object.entries(nsPerRun)) baseline[`${name}_ns`] = ns;
  baseline.xdp_empty_program_ns = dense.emptyNsPerRun;
  baseline.xdp_packets = runs.xdp_buffer_control ?? 0;
  // The statistics read the clock twice a run, which an empty program shows and nobody else pays.
  const net = dense.netNsByRound.toSorted();
  const quantile = (share: number) => net[Math.floor(share * (net.length - 1))] ?? 0;
  baseline.xdp_rounds = net.length;
  if (net.length < ROUNDS_MIN) {
    const reason = `the XDP program ran in ${net.length} rounds beside an empty one`;
    notMeasured.xdp_ns_per_packet = `${reason}, at least ${ROUNDS_MIN} are needed`;
    return;
  }
  metrics.xdp_ns_per_packet = quantile(0.5);
  baseline.xdp_net_ns_q1 = quantile(0.25);
  baseline.xdp_net_ns_q3 = quantile(0.75);
  baseline.xdp_net_ns_mean = (nsPerRun.xdp_buffer_control ?? 0) - dense.emptyNsPerRun;
}

function addQuantile(
  figures: BenchFigures,
  { before, after }: OverheadReadings,
  { key, histogram, least }: { key: string; histogram: string; least: number },
): void {
  const buckets = bucketsSince(
    histogramBuckets(before.metrics, histogram),
    histogramBuckets(after.metrics, histogram),
  );
  const count = bucketsCount(buckets);
  const p99 = bucketsQuantile(buckets, 0.99);
  const p50 = bucketsQuantile(buckets, 0.5);
  figures.baseline[`${key}_count`] = count;
  if (p50 !== undefined) figures.baseline[key.replace('p99', 'p50')] = p50 * 1000;
  if (p99 === undefined || count < least) {
    figures.notMeasured[key] = `${count} values of ${histogram}, at least ${least} are needed`;
  } else figures.metrics[key] = p99 * 1000;
}

/** A period that drifts would be late by more and more: compare the end with the start. */
function addDrift(figures: BenchFigures, latenessMs: readonly number[]): void {
  const part = Math.min(60, Math.floor(latenessMs.length / 2));
  if (part === 0) {
    figures.notMeasured.loop_period_drift_ms = 'the run was too short to read the lateness twice';
    return;
  }
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1];
  const first = median(latenessMs.slice(0, part)) ?? 0;
  const last = median(latenessMs.slice(-part)) ?? 0;
  figures.metrics.loop_period_drift_ms = last - first;
  figures.baseline.loop_lateness_ms_first = first;
  figures.baseline.loop_lateness_ms_last = last;
  figures.baseline.loop_lateness_ms_max = Math.max(...latenessMs);
}
