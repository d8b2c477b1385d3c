import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ControlledTarget } from './controlled-target.ts';
import type { OperatedTarget } from './operated-target.ts';

/** Fine around 5 ms, the bar of the loop's own work. */
const loopBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1,
];
/** Fine around 100 ms, the bar from sample to change. */
const changeBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5,
];

/** Every metric of the controller. Labels are bounded: 256 targets, closed sets of codes. */
export function fsuMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  return {
    loopCpuSeconds: histogram(
      'fsu_loop_cpu_seconds',
      'Own work of one firing of the loop, all its targets together: CPU time of its thread.',
      loopBuckets,
    ),
    loopSeconds: histogram(
      'fsu_loop_duration_seconds',
      'One firing of the loop by the clock on the wall, what else ran meanwhile included.',
      loopBuckets,
    ),
    drift: gauge(
      'fsu_loop_period_drift_seconds',
      'How late the timer of the loop fired against its fixed grid; it does not add up.',
      [],
    ),
    missed: counter('fsu_loop_missed_periods_total', 'Grid points at which no timer fired.', []),
    ticks: counter('fsu_ticks_total', 'Runs of a target, by what fired them.', [
      'target',
      'trigger',
    ]),
    sampleToChange: histogram(
      'fsu_sample_to_change_seconds',
      'From the time of the sample in the kernel to the change in the kernel.',
      changeBuckets,
    ),
    samples: counter('fsu_samples_total', 'Samples by what became of them.', ['outcome']),
    decisions: counter('fsu_decisions_total', 'Logged decisions by law and first reason.', [
      'target',
      'law',
      'reason',
    ]),
    changes: counter('fsu_changes_total', 'Changes asked of an agent, by outcome.', [
      'target',
      'outcome',
    ]),
    refused: counter('fsu_refused_changes_total', 'Changes that were wished and not made.', [
      'target',
      'reason',
    ]),
    forecasts: counter('fsu_forecasts_total', 'Forecasts taken from the predictor.', []),
    unused: counter('fsu_forecast_unused_ticks_total', 'Ticks without a usable forecast, by why.', [
      'target',
      'reason',
    ]),
    logFailures: counter('fsu_decision_log_failures_total', 'Decisions that no file took.', []),
  };
}

/** Gauges of targets; they are read when somebody asks, not on every tick. */
export function showTargets(registry: Registry, targets: () => readonly OperatedTarget[]): void {
  const shown = (name: string, help: string, read: (of: OperatedTarget) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['target'],
      registers: [registry],
      collect() {
        this.reset();
        for (const one of targets()) {
          const value = read(one);
          if (value !== undefined) this.set({ target: one.name }, value);
        }
      },
    });
  shown('fsu_limit_bytes', 'Limit of a queue in force as last known.', (one) =>
    one instanceof ControlledTarget ? one.size : undefined,
  );
  shown('fsu_resource_size', 'Size of another resource in force, in its own unit.', (one) =>
    one instanceof ControlledTarget ? undefined : one.size,
  );
  shown('fsu_lease_held_ratio', '1 while the lease is held.', ({ authority }) =>
    Number(authority.isLeaseHeld),
  );
  shown('fsu_breaker_open_ratio', '1 while the circuit breaker is open.', ({ authority }) =>
    Number(authority.isBreakerOpen),
  );
  shown('fsu_enforcing_ratio', '1 while changes are made.', ({ authority }) =>
    Number(authority.held() === undefined),
  );
  shown('fsu_paused_ratio', '1 while the kill switch is thrown.', ({ authority }) =>
    Number(authority.isPaused),
  );
}

export type FsuMetrics = ReturnType<typeof fsuMetrics>;
