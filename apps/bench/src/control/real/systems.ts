import type { ResourceType } from '@levitate/control';
import type { BenchContext } from '../../bench.ts';
import { whatIsMissing } from '../../kernel-needs.ts';
import { ownProcess } from './own-process.ts';
import type { RealSystem } from './runs.ts';

/**
 * What two processors bear side by side. Starting threads and tuning heaps keep both busy, and the
 * packets of kernel queues have to leave within milliseconds: each of these is alone.
 */
export const realGroups: readonly (readonly ResourceType[])[] = [
  ['connectionpool', 'loadbalancer'],
  ['threadpool'],
  ['memory'],
  ['buffer'],
];

/**
 * Pairs of each side by side. With five pairs of balancers delays were those of the machine, and
 * with ten of queues every packet was late.
 */
const pairsAtOnce: Readonly<Record<ResourceType, number>> = {
  buffer: 6,
  threadpool: 8,
  memory: 8,
  connectionpool: 4,
  loadbalancer: 3,
};

/** The real system of each resource, or why there is none here. */
export function realSystems(of: {
  context: BenchContext;
  kindsOf: (resource: ResourceType) => readonly string[];
  /** Tuned statics by resource and kind. */
  tunedSizes: ReadonlyMap<ResourceType, ReadonlyMap<string, number>>;
}): Record<ResourceType, RealSystem | string> {
  const { context, kindsOf, tunedSizes } = of;
  const { dataDirectory, seed, progress } = context;
  const system = (resource: ResourceType) => {
    const kinds = kindsOf(resource);
    if (kinds.length === 0) return noFiles;
    const order = { resource, dataDirectory, seed, kinds };
    return ownProcess(
      { ...order, tunedSizes: tunedSizes.get(resource) ?? new Map() },
      { atOnce: pairsAtOnce[resource], progress },
    );
  };
  return {
    buffer: whatIsMissing('kernel queues stand in network namespaces') ?? system('buffer'),
    threadpool: system('threadpool'),
    memory: system('memory'),
    connectionpool: system('connectionpool'),
    loadbalancer: system('loadbalancer'),
  };
}

const leftOut = 'left out of the quick run';
/** For a quick look. */
export const noSystems: Readonly<Record<ResourceType, string>> = {
  buffer: leftOut,
  threadpool: leftOut,
  memory: leftOut,
  connectionpool: leftOut,
  loadbalancer: leftOut,
};
const noFiles = 'no trace files of its trials in the data folder: pass --data';
