import type { ArrivalStream } from '@levitate/queueing';

/** What became of one request. */
export type Served = 'served' | 'rejected' | 'failed';

/** @see runOpenLoop */
export interface OpenLoopOptions {
  arrivals: ArrivalStream;
  /** Mean service, ms; what one arrival asks for is its work times this. */
  serviceMs: number;
  /** Serves one request. Its rejection is an outcome, not an error. */
  serve: (serviceMs: number) => Promise<Served>;
  /** Later answers than this count as rejected, ms beyond their own service; default 1,000. */
  lateMs?: number | undefined;
  /** Requests under way at once, beyond which more are rejected at the door; default 2,000. */
  underWayMax?: number | undefined;
  /** Ends the run early. */
  signal?: AbortSignal | undefined;
}

/** What a run came to; one entry per arrival, in order of arrival. */
export interface OpenLoopRun {
  /** Time of the answer less the time of the arrival and its own service, ms; NaN: not served. */
  delayMs: Float64Array;
  served: number;
  rejected: number;
  /** Neither served nor turned away: an error of the system under load. */
  failed: number;
  /** How late each was sent, ms: where many are, the run tells of the machine. */
  lagMs: Float64Array;
}

/**
 * Requests at the times that were drawn, however long the ones before take: an open loop, in which
 * waiting is seen in full. Delays count from the drawn time, not from when it was sent.
 */
export async function runOpenLoop(options: OpenLoopOptions): Promise<OpenLoopRun> {
  const { arrivals, serviceMs, serve, lateMs = 1_000, underWayMax = 2_000, signal } = options;
  const { atMs, work } = arrivals;
  const delayMs = new Float64Array(atMs.length).fill(Number.NaN);
  const lagMs = new Float64Array(atMs.length);
  const run: OpenLoopRun = { delayMs, served: 0, rejected: 0, failed: 0, lagMs };
  const underWay = new Set<Promise<void>>();
  const startMs = performance.now();
  const one = async (index: number): Promise<void> => {
    const own = (work[index] as number) * serviceMs;
    const outcome = await serve(own).catch((): Served => 'failed');
    const late = performance.now() - startMs - (atMs[index] as number) - own;
    const isServed = outcome === 'served' && late <= lateMs;
    if (isServed) delayMs[index] = Math.max(0, late);
    run[isServed || outcome === 'failed' ? outcome : 'rejected'] += 1;
  };
  for (let next = 0; next < atMs.length && signal?.aborted !== true; ) {
    const nowMs = performance.now() - startMs;
    for (; next < atMs.length && (atMs[next] as number) <= nowMs; next++) {
      lagMs[next] = nowMs - (atMs[next] as number);
      if (underWay.size >= underWayMax) {
        run.rejected += 1;
        continue;
      }
      const request = one(next);
      underWay.add(request);
      void request.finally(() => underWay.delete(request));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
  return run;
}
