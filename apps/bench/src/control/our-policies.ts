import {
  BalancerRotation,
  type BalancerServer,
  HeapRoom,
  ResourceGovernor,
  type ResourceMeasurement,
  resourceDefaults,
  TargetController,
} from '@levitate/control';
import {
  type BufferReading,
  bufferBench,
  type LoadBalancerReading,
  loadBalancerBench,
  type ManagedHeapReading,
  managedHeapBench,
  type Policy,
  type PoolReading,
  type Rotation,
  rotationOf,
} from '@levitate/queueing';
import { changesPerMinuteMax } from './rival-policies.ts';
import { SecondMean } from './second-mean.ts';

/** Ours on a pool: the governor that the resource SDK and the controller run. */
export function ourPool(
  type: 'threadpool' | 'connectionpool',
  pool: { sizeMin: number; sizeMax: number; actuationDelayMs: number },
): Policy<number, PoolReading> {
  const governor = new ResourceGovernor({
    ...resourceDefaults[type],
    min: pool.sizeMin,
    max: pool.sizeMax,
    actuationDelayMs: pool.actuationDelayMs,
    maxChangesPerMinute: changesPerMinuteMax,
  });
  return ({ nowMs, size, need, rejected, waitSeconds: delayS }) =>
    governor.step({ nowMs, measured: { size, need, rejected, delayS } }).apply;
}

/** Ours on a heap: its need from what a collector tells, the governor over its soft ceiling. */
export function ourHeap(): Policy<number, ManagedHeapReading> {
  const { sizeMin: min, sizeMax: max } = managedHeapBench;
  const room = new HeapRoom({ maxBytes: max });
  const governor = new ResourceGovernor({
    ...resourceDefaults.memory,
    min,
    max,
    quantum: 1e6,
    maxChangesPerMinute: changesPerMinuteMax,
  });
  return (reading) =>
    governor.step({ nowMs: reading.nowMs, measured: heapMeasured(reading, room) }).apply;
}

function heapMeasured(reading: ManagedHeapReading, room: HeapRoom): ResourceMeasurement {
  const { size, dropped, liveBytes, allocationBytesPerSecond, cycles } = reading;
  const need = room.observe({
    liveBytes,
    allocationBytesPerSecond,
    cycles,
    collectingS: (reading.collectorDuty * reading.intervalMs) / 1000,
    rejectedBytes: dropped,
  });
  return { size, need, rejected: dropped };
}

/** Ours on a queue: the controller of a queue's limit, without forecasts. @param start bytes */
export function ourBuffer(start: number): Policy<number, BufferReading> {
  const { sizeMin: min, sizeMax: max, drainBytesPerSecond, actuationDelayMs } = bufferBench;
  const controller = new TargetController({
    ...resourceDefaults.buffer,
    kind: 'queue',
    predictive: false,
    min,
    max,
    latencyBudgetMs: 150,
    maxChangesPerMinute: changesPerMinuteMax,
    actuationDelayMs,
    periodMs: 100,
  });
  let asked = start;
  return (reading) => {
    const { nowMs, intervalMs, size, need, dropped: droppedBytes } = reading;
    const { throughputBytesPerSecond, queueBytes } = reading;
    const sample = {
      link: 'buffer',
      origin: 'simulated' as const,
      timeUnixMs: nowMs,
      intervalMs,
      queueHighWaterBytes: need - droppedBytes,
      droppedBytes,
      throughputBytesPerSecond,
      queueBytes,
      drainBytesPerSecond,
    };
    const tick = { nowMs, sample, forecast: undefined, size, requested: asked };
    const { allowed } = controller.step(tick);
    if (allowed === asked) return undefined;
    asked = allowed;
    return asked;
  };
}

/**
 * Ours on a balancer: the governor over the capacity in rotation, and the rotation that the HAProxy
 * adapter chooses for it. A rotation that no longer serves what it should is chosen anew, at most
 * once a second, as often as the adapter reads its servers.
 * @param start requests/s in rotation
 */
export function ourBalancer(
  start: number,
  { actuationDelayMs }: { actuationDelayMs: number } = loadBalancerBench,
): Policy<Rotation, LoadBalancerReading> {
  const { ratesPerSecond } = loadBalancerBench;
  const names = ratesPerSecond.map((_, index) => `b${index}`);
  const quantum = Math.min(...ratesPerSecond);
  const governor = new ResourceGovernor({
    ...resourceDefaults.loadbalancer,
    min: quantum,
    max: ratesPerSecond.reduce((sum, rate) => sum + rate, 0),
    quantum,
    actuationDelayMs,
    maxChangesPerMinute: changesPerMinuteMax,
  });
  const rotation = new BalancerRotation();
  const arrivals = new SecondMean();
  let asked = start;
  let chosenMs = Number.NEGATIVE_INFINITY;
  let weights = weightsOf(rotationOf(start), names);
  return (reading) => {
    const { nowMs } = reading;
    const perSecond = 1000 / reading.intervalMs;
    const arrived = arrivals.add(Math.max(reading.arrived, reading.rejected) * perSecond);
    rotation.observe(nowMs, serversOf(reading, { names, weights }));
    const need = rotation.need(arrived, asked);
    const rejected = Math.min(need, reading.rejected * perSecond);
    const { apply } = governor.step({ nowMs, measured: { size: asked, need, rejected } });
    const isStale = rotation.isStale(asked) && nowMs - chosenMs >= 1000;
    if (apply === undefined && !isStale) return undefined;
    asked = apply ?? asked;
    chosenMs = nowMs;
    weights = rotation.choose(asked);
    const own = names.map((name) => weights.get(name) ?? 0);
    return { isIn: own.map((weight) => weight > 0), weights: own };
  };
}

function weightsOf({ isIn, weights }: Rotation, names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, at) => [name, isIn[at] === true ? (weights[at] ?? 0) : 0]));
}

function serversOf(
  { backends, intervalMs }: LoadBalancerReading,
  { names, weights }: { names: readonly string[]; weights: ReadonlyMap<string, number> },
): BalancerServer[] {
  return backends.map(({ ratePerSecond, served, rejected, active }, index) => {
    const name = names[index] as string;
    return {
      name,
      capacity: ratePerSecond,
      nominalWeight: ratePerSecond,
      weight: weights.get(name) ?? 0,
      isUp: true,
      isFree: true,
      period: { lengthS: intervalMs / 1000, served, failed: rejected, inFlight: active },
    };
  });
}
