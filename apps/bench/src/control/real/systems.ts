import type { ResourceType } from '@levitate/control';
import type { BenchContext } from '../../bench.ts';
import { whatIsMissing } from '../../kernel-needs.ts';
import { TrialDraw } from '../trial-draw.ts';
import type { TrialRunner } from '../trial-runner.ts';
import { realBalancer } from './balancer.ts';
import { realBuffer } from './buffer.ts';
import { realHeap } from './heap.ts';
import { realConnectionPool, realThreadPool } from './pools.ts';
import type { RealSystem } from './runs.ts';
import { playTrials, type RequestSystem } from './trials.ts';

/**
 * What two processors bear side by side: worker threads beside balancers kept one loop busy, and
 * requests left seconds late.
 */
export const realGroups: readonly (readonly ResourceType[])[] = [
  ['connectionpool', 'loadbalancer'],
  ['threadpool', 'memory'],
  ['buffer'],
];

/** The real system of each resource, or why there is none here. */
export function realSystems(of: {
  context: BenchContext;
  runner: TrialRunner;
  kindsOf: (resource: ResourceType) => readonly string[];
  /** Tuned statics by resource and kind, `resource/kind`. */
  tunedSizes: ReadonlyMap<string, number>;
}): Record<ResourceType, RealSystem | string> {
  const { context, runner, kindsOf, tunedSizes } = of;
  const draw = new TrialDraw(context);
  const tunedOf = (resource: ResourceType, kind: string) => {
    const size = tunedSizes.get(`${resource}/${kind}`);
    if (size === undefined) throw new Error(`no static was tuned for a ${resource} on ${kind}`);
    return size;
  };
  const requests = (resource: ResourceType, system: RequestSystem) => {
    const kinds = kindsOf(resource);
    if (kinds.length === 0) return noFiles;
    const tunedSize = (kind: string) => tunedOf(resource, kind);
    return playTrials(system, { resource, kinds, draw, tunedSize });
  };
  const [packets] = kindsOf('buffer');
  const heapKinds = kindsOf('memory');
  return {
    buffer:
      packets === undefined
        ? noFiles
        : (whatIsMissing('kernel queues stand in network namespaces') ??
          realBuffer({ runner, draw, tunedSize: tunedOf('buffer', packets) })),
    threadpool: requests('threadpool', realThreadPool),
    memory:
      heapKinds.length === 0
        ? noFiles
        : realHeap({ kinds: heapKinds, draw, progress: context.progress }),
    connectionpool: requests('connectionpool', realConnectionPool),
    loadbalancer: requests('loadbalancer', realBalancer),
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
