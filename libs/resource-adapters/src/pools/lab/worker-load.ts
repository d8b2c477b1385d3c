import { WorkerPool } from '../worker-pool.ts';
import { WorkerPoolError } from '../worker-pool-error.ts';
import { type LaneTotals, playLane } from './lane.ts';
import { type OpenLoopOptions, type OpenLoopRun, runOpenLoop } from './open-loop.ts';

/** A pool whose tasks sleep in their worker for the milliseconds that are their input. */
export function sleepingPool(options: { size: number; waitMsMax?: number }) {
  const module = new URL('./sleep-task.mjs', import.meta.url);
  const { size, waitMsMax = 1_000 } = options;
  return new WorkerPool<number, number>({ module, size, waitMsMax, queueMax: 2_000 });
}

/** @see runWorkerLoad */
export interface WorkerLoadOptions extends Omit<OpenLoopOptions, 'serve'> {
  pool: WorkerPool<number, number>;
}

/** Tasks at the times that were drawn; rejected is what the pool turned away. */
export async function runWorkerLoad(options: WorkerLoadOptions): Promise<OpenLoopRun> {
  const { pool } = options;
  return await runOpenLoop({
    ...options,
    async serve(serviceMs) {
      try {
        await pool.run(serviceMs);
        return 'served';
      } catch (cause) {
        return isTurnedAway(cause) ? 'rejected' : 'failed';
      }
    },
  });
}

/** One run, counted in the terms of the control bench. @param options.countedFromMs default 0 */
export async function playWorkerLane(
  options: WorkerLoadOptions & { countedFromMs?: number | undefined },
): Promise<LaneTotals> {
  const { pool, arrivals, countedFromMs } = options;
  return await playLane({
    atMs: arrivals.atMs,
    countedFromMs,
    load: () => runWorkerLoad(options),
    look: () => ({ size: pool.size, open: pool.state.workers }),
  });
}

function isTurnedAway(cause: unknown): boolean {
  return (
    cause instanceof WorkerPoolError &&
    (cause.code === 'queue-full' || cause.code === 'queue-timeout')
  );
}
