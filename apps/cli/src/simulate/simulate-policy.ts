import {
  CanarySide,
  type LawName,
  lawNames,
  TargetController,
  type TargetSettings,
} from '@levitate/control';
import { type BurstForecast, LinkForecaster } from '@levitate/forecast';
import { ByteFifo } from '@levitate/queueing';
import type { TraceArrivals } from './trace-arrivals.ts';

/** What may decide in a simulation: nobody, forecasts with the law, or a law by itself. */
export const policyNames = ['static', 'predictive', 'auto', ...lawNames] as const;

/** @see policyNames */
export type PolicyName = (typeof policyNames)[number];

/** The queue and its envelope. */
export interface SimulatedQueue {
  drainBytesPerSecond: number;
  /** Before anybody changes it. */
  limitBytes: number;
  min: number;
  max: number;
  latencyBudgetMs: number;
  maxChangesPerMinute: number;
}

/** What a policy would have done. */
export interface PolicyOutcome {
  policy: PolicyName;
  arrivedPackets: number;
  droppedPackets: number;
  /** 99 % of what arrived came in a tenth of a second whose longest wait was no longer. */
  p99DelayMs: number;
  /** Mean limit. */
  meanLimitBytes: number;
  changes: number;
  /** Bursts that were announced in time to make room. */
  announced: number;
}

const intervalMs = 100;
/** A forecast a second, as the service makes them. */
const forecastEvery = 10;

/**
 * Plays arrivals through a queue that a policy controls within the envelope, a decision every
 * 100 ms. Arrivals are taken as given: senders that react to a drop would have sent otherwise.
 * @param onProgress share done, now and then
 */
export async function simulatePolicy(options: {
  policy: PolicyName;
  arrivals: TraceArrivals;
  queue: SimulatedQueue;
  onProgress?: (share: number) => Promise<void>;
}): Promise<PolicyOutcome> {
  const { policy, arrivals, queue, onProgress } = options;
  const { drainBytesPerSecond, limitBytes } = queue;
  const { packetBytes, packetsPerMs } = arrivals;
  // A bucket that never keeps the queue from draining at its rate within a step.
  const burstBytes = Math.max(16_384, Math.ceil(drainBytesPerSecond / 500));
  const link = arrivals.name;
  const fifo = new ByteFifo({ link, limitBytes, drainBytesPerSecond, packetBytes, burstBytes });
  const control = policy === 'static' ? undefined : new TargetController(settings(policy, queue));
  const forecaster = policy === 'predictive' ? new LinkForecaster({ link }) : undefined;
  const delays = new CanarySide();
  const total = { limits: 0, changes: 0, announced: 0, intervals: 0 };
  let forecast: BurstForecast | undefined;
  let isAnnounced = false;
  for (let endMs = intervalMs; endMs <= packetsPerMs.length; endMs += intervalMs) {
    for (let ms = endMs - intervalMs; ms < endMs; ms++) fifo.step(packetsPerMs[ms] as number);
    const size = fifo.limitBytes;
    const sample = fifo.takeSample(endMs);
    const { queueHighWaterBytes = 0, throughputBytesPerSecond = 0, droppedBytes = 0 } = sample;
    const arrivedBytes = (throughputBytesPerSecond * intervalMs) / 1_000;
    const delayMs = (1_000 * queueHighWaterBytes) / drainBytesPerSecond;
    delays.add({ arrivedBytes, droppedBytes, delayMs });
    forecaster?.learn(sample);
    if (total.intervals % forecastEvery === 0) forecast = forecaster?.forecast();
    const decision = control?.step({ nowMs: endMs, sample, forecast, size });
    if (decision !== undefined && decision.allowed !== size) {
      fifo.setLimit(Math.floor(decision.allowed));
      total.changes += 1;
    }
    if (decision?.announced === true && !isAnnounced) total.announced += 1;
    isAnnounced = decision?.announced ?? false;
    total.limits += size;
    total.intervals += 1;
    if (total.intervals % 6_000 === 0) await onProgress?.(endMs / packetsPerMs.length);
  }
  const { arrivedPackets, droppedPackets } = fifo.counters;
  return {
    policy,
    arrivedPackets,
    droppedPackets,
    p99DelayMs: delays.p99DelayMs,
    meanLimitBytes: total.limits / Math.max(1, total.intervals),
    changes: total.changes,
    announced: total.announced,
  };
}

function settings(policy: Exclude<PolicyName, 'static'>, queue: SimulatedQueue): TargetSettings {
  const { min, max, latencyBudgetMs, maxChangesPerMinute } = queue;
  const isPredictive = policy === 'predictive';
  const model: LawName | 'auto' = policy === 'predictive' ? 'optomechanical' : policy;
  return {
    ...{ kind: 'queue', predictive: isPredictive, model, min, max, latencyBudgetMs },
    ...{ maxChangesPerMinute, actuationDelayMs: 100, periodMs: 100, holdMs: 10_000, setpoint: 0.7 },
  };
}
