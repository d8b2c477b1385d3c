import { describe, expect, it } from 'vitest';
import { RunWaits, stageCounts, stagesBetween } from './load-stages.ts';

/** Metrics of a telemetry after so many samples of 1 to 2 ms and of 10 to 20 ms. */
function metrics(quick: number, slow: number): string {
  return ['message_age', 'sample_to_window']
    .map((name, index) => {
      const bucket = (le: string, count: number): string =>
        `levitate_telemetry_${name}_seconds_bucket{le="${le}"} ${count * (index + 1)}`;
      const all = quick + slow;
      return [
        bucket('0.001', 0),
        bucket('0.002', quick),
        bucket('0.01', quick),
        bucket('0.02', all),
      ]
        .concat(bucket('+Inf', all))
        .join('\n');
    })
    .concat(
      `nodejs_gc_duration_seconds_bucket{le="0.005",kind="minor"} ${quick}`,
      `nodejs_gc_duration_seconds_bucket{le="+Inf",kind="minor"} ${quick + 2}`,
      `nodejs_gc_duration_seconds_bucket{le="0.005",kind="major"} 0`,
      `nodejs_gc_duration_seconds_bucket{le="+Inf",kind="major"} ${slow}`,
    )
    .join('\n');
}

describe('stagesBetween', () => {
  it('is of what came between the two readings', () => {
    const stages = stagesBetween(stageCounts(metrics(50, 900)), stageCounts(metrics(1030, 920)));
    // 980 quick ones and 20 slow ones.
    expect(stages.receivedMs.p50).toBeCloseTo(1 + 500 / 980, 6);
    expect(stages.receivedMs.p99).toBeCloseTo(15, 6);
    expect(stages.storedMs).toEqual(stages.receivedMs);
  });

  it('counts long pauses of every kind', () => {
    const stages = stagesBetween(stageCounts(metrics(50, 3)), stageCounts(metrics(60, 7)));
    expect(stages.servicePauses).toBe(4);
  });

  it('a telemetry that got nothing has no time, not a NaN', () => {
    const none = stageCounts(metrics(5, 5));
    expect(stagesBetween(none, none).receivedMs).toEqual({ p50: 0, p99: 0 });
  });
});

it('waits are shares of the time, of processes that are gone none', () => {
  const { pid } = process;
  const waits = new RunWaits({ telemetry: pid, redis: pid, reader: 0, bench: pid });
  const { runDelay, stolen } = waits.shares;
  expect(runDelay.reader).toBe(0);
  expect(runDelay.bench).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(stolen)).toBe(true);
});
