import { describe, expect, it } from 'vitest';
import type { OverheadReading, OverheadReadings } from './overhead/overhead-run.ts';
import { overheadFigures } from './overhead.ts';

function reading(cpu: number, { loops, changes }: { loops: number; changes: number }) {
  const metrics = [
    `fsu_loop_cpu_seconds_bucket{le="0.001"} ${loops}`,
    `fsu_loop_cpu_seconds_bucket{le="+Inf"} ${loops}`,
    `fsu_loop_duration_seconds_bucket{le="0.002"} ${loops}`,
    `fsu_loop_duration_seconds_bucket{le="+Inf"} ${loops}`,
    `fsu_sample_to_change_seconds_bucket{le="0.05"} ${changes}`,
    `fsu_sample_to_change_seconds_bucket{le="+Inf"} ${changes}`,
    `fsu_loop_missed_periods_total ${loops / 1000}`,
  ].join('\n');
  const cpuSeconds = {
    'ebpf-agent': cpu,
    telemetry: 2 * cpu,
    predictor: 3 * cpu,
    'fsu-controller': 4 * cpu,
  };
  return { cpuSeconds, metrics } satisfies OverheadReading;
}

function costs(xdpNs: number) {
  return {
    nsPerRun: { xdp_buffer_control: xdpNs, levitate_egress: 150 },
    runs: { xdp_buffer_control: 1000, levitate_egress: 5000 },
    emptyNsPerRun: 20,
    // One round in which the machine did something else.
    netNsByRound: Float64Array.from({ length: 21 }, (_, index) => (index === 3 ? 900 : 25 + index)),
    mapUpdateUs: Float64Array.from({ length: 1000 }, (_, index) => index / 100),
  };
}

function readings(changes: number): OverheadReadings {
  return {
    before: reading(10, { loops: 1000, changes: 50 }),
    after: reading(13, { loops: 4000, changes: 50 + changes }),
    seconds: 300,
    latenessMs: [...Array<number>(60).fill(0.5), 90, ...Array<number>(60).fill(0.7)],
    environment: { links: 50 },
    programs: { sparse: costs(500), dense: costs(60) },
  };
}

describe('overheadFigures', () => {
  it('counts cores between the readings, not since the services began', () => {
    const { metrics } = overheadFigures(readings(200));
    expect(metrics).toMatchObject({
      agent_cpu: 0.01,
      telemetry_cpu: 0.02,
      predictor_cpu: 0.03,
      controller_cpu: 0.04,
      loop_periods_missed: 3,
    });
    expect(metrics.loop_p99_ms).toBeCloseTo(0.99, 9);
    expect(metrics.loop_wall_p99_ms).toBeCloseTo(1.98, 9);
    expect(metrics.end_to_end_p99_ms).toBeCloseTo(49.5, 9);
  });

  it('takes one late firing for no drift', () => {
    const { metrics, baseline } = overheadFigures(readings(200));
    expect(metrics.loop_period_drift_ms).toBeCloseTo(0.2, 9);
    expect(baseline.loop_lateness_ms_max).toBe(90);
  });

  it('says what the programs cost, or why that is not known', () => {
    const { metrics, baseline } = overheadFigures(readings(200));
    expect(metrics.xdp_ns_per_packet).toBe(36);
    expect(metrics.map_update_p99_us).toBeCloseTo(9.9, 9);
    expect(baseline).toMatchObject({
      levitate_egress_ns: 150,
      xdp_packets: 1000,
      xdp_buffer_control_ns: 60,
      xdp_empty_program_ns: 20,
      xdp_rounds: 21,
      xdp_net_ns_q1: 31,
      xdp_net_ns_q3: 41,
      xdp_net_ns_mean: 40,
      xdp_buffer_control_ns_sparse: 500,
    });
    const programs = { sparse: 'no BTF', dense: 'no BTF' };
    const without = overheadFigures({ ...readings(200), programs });
    expect(without.notMeasured).toMatchObject({
      xdp_ns_per_packet: 'no BTF',
      map_update_p99_us: 'no BTF',
    });
  });

  it('gives no median of too few rounds', () => {
    const dense = { ...costs(60), netNsByRound: Float64Array.of(40, 41) };
    const programs = { sparse: costs(500), dense };
    const { metrics, notMeasured } = overheadFigures({ ...readings(200), programs });
    expect(metrics.xdp_ns_per_packet).toBeUndefined();
    expect(notMeasured.xdp_ns_per_packet).toMatch(/2 rounds/);
  });

  it('gives no percentile of too few changes', () => {
    const { metrics, notMeasured } = overheadFigures(readings(99));
    expect(metrics.end_to_end_p99_ms).toBeUndefined();
    expect(notMeasured.end_to_end_p99_ms).toMatch(/99 values/);
  });
});
