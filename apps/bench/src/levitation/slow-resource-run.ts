import type { BurstForecast } from '@levitate/forecast';
import { SlowResource } from '@levitate/queueing';
import type { Sample } from '@levitate/series';
import { arrivals, type TrafficPlan } from '@levitate/traffic';

/** Length of a tick of the loop, ms. */
export const TICK_MS = 100;
/** Wall clock at which simulated traces begin; any will do. */
export const START_UNIX_MS = 1_700_000_000_000;
/** Figures count from this burst of a trace on: before it nobody can know the period. */
const COUNTED_FROM_BURST = 5;
/** Traces without so many bursts count from here. */
const COUNTED_FROM_MS = 60_000;
/** The pool starts at this share of the peak demand, as no policy knows the traffic yet. */
const INITIAL_SHARE = 0.25;

/** What a policy is shown on each tick of a simulated pool. Rates and sizes in bytes/s. */
export interface PoolTick {
  nowMs: number;
  sample: Sample;
  forecast: BurstForecast | undefined;
  /** Capacity that served this tick. */
  usable: number;
  /** Capacity asked for last. */
  requested: number;
}

/** Says which capacity to ask for. */
export type PoolPolicy = (tick: PoolTick) => number;

/** The newest forecast of a trace that is known at a tick. */
export type ForecastStream = (tick: number) => BurstForecast | undefined;

/** Sums over the counted part of one trace. */
export interface PoolTotals {
  arrivedBytes: number;
  rejectedBytes: number;
  /** Mean capacity that counted as reserved, bytes/s. */
  reservedMean: number;
  changesPerMinute: number;
}

/** One trace of demand, drawn from its plan. */
export interface PoolTrace {
  plan: TrafficPlan;
  /** Arrivals per tick, bytes. */
  arrivedBytes: Float64Array;
  /** Largest demand of any tick, bytes/s: what a static capacity needs to reject nothing. */
  peakDemand: number;
  countedFromMs: number;
}

export function poolTrace(plan: TrafficPlan): PoolTrace {
  const count = Math.floor(plan.durationMs / TICK_MS);
  const packets = arrivals(plan, { fromMs: 0, stepMs: TICK_MS, count });
  const arrivedBytes = Float64Array.from(packets, (n) => n * plan.packetBytes);
  const peakDemand = (arrivedBytes.reduce((a, b) => Math.max(a, b), 0) * 1000) / TICK_MS;
  const before = plan.bursts[COUNTED_FROM_BURST - 2];
  const countedFromMs = before ? before.timeMs + before.durationMs + 1000 : COUNTED_FROM_MS;
  return { plan, arrivedBytes, peakDemand, countedFromMs };
}

/** The sample a tick of the trace gives, whatever the pool did with it. */
export function poolSample(trace: PoolTrace, tick: number): Sample {
  const arrived = trace.arrivedBytes[tick] as number;
  return {
    link: 'pool',
    timeUnixMs: START_UNIX_MS + (tick + 1) * TICK_MS,
    intervalMs: TICK_MS,
    throughputBytesPerSecond: (arrived * 1000) / TICK_MS,
    packetsPerSecond: ((arrived / trace.plan.packetBytes) * 1000) / TICK_MS,
    origin: 'simulated',
  };
}

/** Let a policy run the pool of track T4 over a trace. */
export function runPool(input: {
  trace: PoolTrace;
  policy: PoolPolicy;
  actuationDelayMs: number;
  forecasts?: ForecastStream | undefined;
}): PoolTotals {
  const { trace, policy, actuationDelayMs } = input;
  const pool = new SlowResource({ capacity: INITIAL_SHARE * trace.peakDemand, actuationDelayMs });
  const start = { arrived: 0, ...pool.totals };
  let arrivedBytes = 0;
  for (let tick = 0; tick < trace.arrivedBytes.length; tick++) {
    const nowMs = tick * TICK_MS;
    if (nowMs < trace.countedFromMs) Object.assign(start, pool.totals, { arrived: arrivedBytes });
    const arrived = trace.arrivedBytes[tick] as number;
    arrivedBytes += arrived;
    const { usable } = pool.step(arrived, { nowMs, stepMs: TICK_MS });
    const asked = policy({
      nowMs: nowMs + TICK_MS,
      sample: poolSample(trace, tick),
      forecast: input.forecasts?.(tick),
      usable,
      requested: pool.wanted,
    });
    pool.request({ capacity: asked, nowMs: nowMs + TICK_MS });
  }
  const elapsedS = (pool.totals.elapsedMs - start.elapsedMs) / 1000;
  return {
    arrivedBytes: arrivedBytes - start.arrived,
    rejectedBytes: pool.totals.rejected - start.rejected,
    reservedMean: (pool.totals.reservedSeconds - start.reservedSeconds) / elapsedS,
    changesPerMinute: ((pool.totals.changes - start.changes) * 60) / elapsedS,
  };
}
