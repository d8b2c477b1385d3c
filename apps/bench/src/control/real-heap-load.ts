import { heapBench, managedHeapBench, type ResourceTotals } from '@levitate/queueing';
import type { HeapLoad, HeapTrial } from '@levitate/resource-adapters/jvm/lab';
import type { RealTrial } from './real-trial.ts';

/**
 * The real server is so many times smaller than the simulated one, in bytes and in cores: several
 * of them share the memory and the cores of one machine.
 */
const smaller = 16;
/** Every so many requests one, with the bytes of all of them. */
const thinning = 4;
const mebibyte = 2 ** 20;
const tickMs = 1_000;
/** Before the trial, at the most of the minute before: what a controller would remember of it. */
const rememberedTicks = 2;

/** Bounds of the real heap, bytes. */
export const realHeapBounds = {
  minBytes: wholeMebibytes(managedHeapBench.sizeMin / smaller),
  maxBytes: wholeMebibytes(managedHeapBench.sizeMax / smaller),
} as const;

/** What one such server has of them. */
const cores = managedHeapBench.cores / smaller;

/** The load of a trial, scaled: rates by the second, Poisson within it. */
export function heapLoadOf(trial: RealTrial, seed: number): HeapLoad {
  const { atMs } = trial.arrivals;
  const seconds = Math.ceil((atMs.at(-1) ?? 0) / tickMs);
  const counts = new Array<number>(seconds).fill(0);
  for (const at of atMs) counts[Math.floor(at / tickMs)] = (counts[Math.floor(at / tickMs)] ?? 0) + 1;
  const warmTicks = Math.round(trial.countedFromMs / tickMs);
  const warm = counts.slice(0, warmTicks);
  const perRequest = thinning / smaller;
  const remembered = new Array<number>(rememberedTicks).fill(trial.recentPerSecondMax);
  return {
    seed,
    baseBytes: heapBench.liveBytesMin / smaller,
    requestBytes: heapBench.allocatedBytesPerRequest * perRequest,
    heldBytes: heapBench.heldBytesPerRequest * perRequest,
    heldMs: heapBench.heldSeconds * 1_000,
    tickMs,
    warmTicks: rememberedTicks + warmTicks,
    ratePerSecondBefore: warm.reduce((sum, count) => sum + count, 0) / warmTicks / thinning,
    rates: [...remembered, ...counts].map((count) => count / thinning),
  };
}

/** Terms of the cost of a real heap. @param peakNeedBytes what heaps need at most, from training */
export function heapTotalsOf(played: HeapTrial, peakNeedBytes: number): ResourceTotals {
  const { arrived, rejected, delayMsP99, committedBytes, collectorCpuS, elapsedS } = played;
  return {
    arrived,
    rejected,
    served: arrived - rejected,
    delayP99Seconds: delayMsP99 / 1_000,
    reservedOverPeak: committedBytes / peakNeedBytes + collectorCpuS / (cores * elapsedS),
    changes: played.changes,
    elapsedSeconds: elapsedS,
  };
}

function wholeMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte) * mebibyte;
}
