import { TrialDraw } from '../trial-draw.ts';
import { TrialRunner } from '../trial-runner.ts';
import { realBalancer } from './balancer.ts';
import { realBuffer } from './buffer.ts';
import { realHeap } from './heap.ts';
import { realConnectionPool, realThreadPool } from './pools.ts';
import type { RealOrder } from './real-order.ts';
import type { RealPlayer } from './runs.ts';
import { playTrials, type RequestSystem } from './trials.ts';

/** The real system of an order, in this process. */
export function openRealSystem(
  order: RealOrder,
  { progress }: { progress: (line: string) => void },
): RealPlayer {
  const { resource, kinds, tunedSizes } = order;
  const draw = new TrialDraw(order);
  const tunedSize = (kind: string) => {
    const size = tunedSizes.get(kind);
    if (size === undefined) throw new Error(`no static was tuned for a ${resource} on ${kind}`);
    return size;
  };
  const requests = (system: RequestSystem) =>
    playTrials(system, { resource, kinds, draw, tunedSize });
  switch (resource) {
    case 'buffer':
      return realBuffer({
        runner: new TrialRunner(order),
        draw,
        tunedSize: tunedSize(kinds[0] as string),
      });
    case 'threadpool':
      return requests(realThreadPool);
    case 'memory':
      return realHeap({ kinds, draw, progress });
    case 'connectionpool':
      return requests(realConnectionPool);
    case 'loadbalancer':
      return requests(realBalancer);
  }
}
