import type { ResourceType } from '@levitate/control';
import {
  BoundedBuffer,
  backendSlowdowns,
  bufferBench,
  bufferTrialLength,
  type ControlledResource,
  connectionPool,
  connectionPoolBench,
  databaseSlowdowns,
  LoadBalancer,
  loadBalancerBench,
  ManagedHeap,
  type ManagedHeapReading,
  managedHeapBench,
  type OracleOptions,
  oraclePolicy,
  oracleRotations,
  type Policy,
  type Reading,
  requestTrialLength,
  rotationOf,
  sizeGrid,
  type TrialLength,
  threadPool,
  threadPoolBench,
} from '@levitate/queueing';
import { ourBalancer, ourBuffer, ourHeap, ourPool } from './our-policies.ts';
import type { LawSight } from './rival-policies.ts';
import { SecondMean } from './second-mean.ts';
import type { TrialDraw } from './trial-draw.ts';
import type { RivalLaw, TrialRef } from './trial-runs.ts';

/** One trial of one resource: how it is opened, and how policies see it. */
export interface TrialStand<Control, Arrivals, R extends Reading> {
  block: string;
  arrivals: Arrivals;
  length: TrialLength;
  open(options: {
    size: number;
    /** It will never change. */
    isStatic: boolean;
    balance?: 'roundrobin' | undefined;
  }): ControlledResource<Control, Arrivals, R>;
  /** What a law's size means as a control. */
  controlOf(size: number): Control;
  /** What a rival is told; a fresh one for each run. */
  see(law: RivalLaw): (reading: R) => LawSight;
  ours(start: number): Policy<Control, R>;
  oracle(options: OracleOptions): Policy<Control, R>;
}

/** What is fixed about a resource of the bench. */
export interface ResourceFigures {
  sizeMin: number;
  sizeMax: number;
  isWhole: boolean;
  /** Sizes of the static grid, steps of at most a tenth. */
  grid: number[];
  /** What somebody gets who sets nothing. */
  staticDefault: number;
  /** Where that comes from. */
  defaultIs: string;
}

/** Capacities of the rotations that {@link rotationOf} can give. */
const rotationSizes = [200, 400, 600, 800, 900, 1000, 1100, 1200];

export const resourceFigures: Readonly<Record<ResourceType, ResourceFigures>> = {
  buffer: {
    sizeMin: bufferBench.sizeMin,
    sizeMax: bufferBench.sizeMax,
    isWhole: false,
    grid: sizeGrid({ min: bufferBench.sizeMin, max: bufferBench.sizeMax }),
    staticDefault: 1000 * bufferBench.packetBytes,
    defaultIs: '1,000 packets, the length of a Linux interface queue',
  },
  threadpool: {
    ...boundsOf(threadPoolBench),
    staticDefault: threadPoolBench.sizeMax,
    defaultIs: 'the largest; servers come with 200 threads',
  },
  memory: {
    sizeMin: managedHeapBench.sizeMin,
    sizeMax: managedHeapBench.sizeMax,
    isWhole: false,
    grid: sizeGrid({ min: managedHeapBench.sizeMin, max: managedHeapBench.sizeMax }),
    staticDefault: 8e9,
    defaultIs: 'a quarter of a machine of 32 GB, as a JVM takes',
  },
  connectionpool: {
    ...boundsOf(connectionPoolBench),
    staticDefault: 20,
    defaultIs: 'default_pool_size of PgBouncer',
  },
  loadbalancer: {
    sizeMin: Math.min(...rotationSizes),
    sizeMax: Math.max(...rotationSizes),
    isWhole: false,
    grid: rotationSizes,
    staticDefault: Math.max(...rotationSizes),
    defaultIs: 'all backends',
  },
};

function boundsOf({ sizeMin, sizeMax }: { sizeMin: number; sizeMax: number }) {
  const grid = sizeGrid({ min: sizeMin, max: sizeMax, isWhole: true });
  return { sizeMin, sizeMax, isWhole: true, grid };
}

/** Requests/s at peak demand. */
export const peakPerSecond = {
  threadpool: threadPoolBench.peak / (threadPoolBench.serviceMs / 1000),
  connectionpool: connectionPoolBench.peak / (connectionPoolBench.serviceMs / 1000),
  memory: managedHeapBench.peak,
  loadbalancer: loadBalancerBench.peak,
} as const;
const trialMs = (requestTrialLength.uncountedSeconds + requestTrialLength.countedSeconds) * 1000;

/** Something done with a trial, whatever it is a trial of. */
export type StandUse<Result> = <Control, Arrivals, R extends Reading>(
  stand: TrialStand<Control, Arrivals, R>,
) => Result;

/** Draw a trial and do something with it. */
export function withStand<Result>(
  ref: TrialRef,
  { draw, use }: { draw: TrialDraw; use: StandUse<Result> },
): Result {
  switch (ref.resource) {
    case 'buffer':
      return use(bufferStand(ref, draw));
    case 'threadpool':
    case 'connectionpool':
      return use(poolStand(ref, { draw, type: ref.resource }));
    case 'memory':
      return use(heapStand(ref, draw));
    case 'loadbalancer':
      return use(balancerStand(ref, draw));
  }
}

function bufferStand(ref: TrialRef, draw: TrialDraw) {
  const loads: Partial<Record<string, number>> = { 'load-0.2': 0.2, 'load-0.4': 0.4 };
  const trial = draw.buffer(ref, loads[ref.variant ?? ''] ?? bufferBench.load);
  return {
    block: trial.block,
    arrivals: trial.packetsPerMs,
    length: bufferTrialLength,
    open: ({ size }: { size: number }) => new BoundedBuffer({ size }),
    controlOf: (size: number) => size,
    see: () => plainSight,
    ours: ourBuffer,
    oracle: oraclePolicy,
  };
}

function poolStand(
  ref: TrialRef,
  { draw, type }: { draw: TrialDraw; type: 'threadpool' | 'connectionpool' },
) {
  const { arrivals, block, random } = draw.requests(ref, peakPerSecond[type]);
  const pool = type === 'threadpool' ? threadPoolBench : connectionPoolBench;
  const actuationDelayMs = ref.variant === 'open-5s' ? 5_000 : pool.actuationDelayMs;
  const slowdowns =
    ref.variant === 'slow-database'
      ? databaseSlowdowns({ untilMs: trialMs, random: random.fork('database') })
      : undefined;
  return {
    block,
    arrivals,
    length: requestTrialLength,
    open: ({ size }: { size: number }) =>
      type === 'threadpool'
        ? threadPool({ size })
        : connectionPool({ size, actuationDelayMs, ...(slowdowns && { slowdowns }) }),
    controlOf: (size: number) => size,
    see: () => plainSight,
    ours: () => ourPool(type, { ...pool, actuationDelayMs }),
    oracle: oraclePolicy,
  };
}

function heapStand(ref: TrialRef, draw: TrialDraw) {
  const { arrivals, block, startPerSecond } = draw.requests(ref, peakPerSecond.memory);
  const { peakNeedBytes } = ref;
  return {
    block,
    arrivals,
    length: requestTrialLength,
    open: ({ size, isStatic }: { size: number; isStatic: boolean }) =>
      new ManagedHeap({
        size,
        isFixed: isStatic,
        requestsPerSecond: startPerSecond,
        ...(ref.variant === 'uncommit-300s' && { uncommitSeconds: 300 }),
        ...(peakNeedBytes !== undefined && { peakNeedBytes }),
      }),
    controlOf: (size: number) => size,
    see: (law: RivalLaw) => (law === 'aimd' ? dutySight() : plainSight),
    ours: ourHeap,
    oracle: oraclePolicy,
  };
}

function balancerStand(ref: TrialRef, draw: TrialDraw) {
  const { arrivals, block, random } = draw.requests(ref, peakPerSecond.loadbalancer);
  const slowdowns = backendSlowdowns({ untilMs: trialMs, random: random.fork('backends') });
  return {
    block,
    arrivals,
    length: requestTrialLength,
    open: ({ size, balance }: { size: number; balance?: 'roundrobin' | undefined }) =>
      new LoadBalancer({ rotation: rotationOf(size), slowdowns, ...(balance && { balance }) }),
    controlOf: rotationOf,
    see: secondlySight,
    ours: ourBalancer,
    oracle: (options: OracleOptions) => oracleRotations({ ...options, slowdowns }),
  };
}

function plainSight({ need, dropped, delaySecondsMax: delayS }: Reading): LawSight {
  return { need, dropped, delayS };
}

/** A law of a balancer sees the mean of a second. */
function secondlySight(): (reading: Reading) => LawSight {
  const mean = new SecondMean();
  return ({ need, dropped, delaySecondsMax: delayS }) => ({
    need: mean.add(need),
    dropped,
    delayS,
  });
}

/** Duty of the collector that AIMD takes for full, and over how many periods it is averaged. */
const dutyFull = 0.5;
const dutyPeriods = 100;

/** AIMD of a heap goes by how much of the time a cycle runs. */
function dutySight(): (reading: ManagedHeapReading) => LawSight {
  const recent: number[] = [];
  return ({ size, dropped, collectorDuty }) => {
    recent.push(collectorDuty);
    if (recent.length > dutyPeriods) recent.shift();
    const duty = recent.reduce((sum, one) => sum + one, 0) / recent.length;
    return { need: (size * duty) / dutyFull, dropped };
  };
}
