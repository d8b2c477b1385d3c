import { heapBench, managedHeapBench, type ResourceTotals } from '@levitate/queueing';
import type { HeapLoad, HeapTrial } from '@levitate/resource-adapters/jvm/lab';
import type { RealTrial } from './trial.ts';

/**
 * The real server is so many times smaller than the simulated one, in bytes and in cores, so that
 * several share a machine of two cores.
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

/** What the collector's time is a share of: the cores that the smaller server has. */
const cores = managedHeapBench.cores / smaller;

/** What a trial does to the real heap: the rates of its seconds, Poisson within. */
export function heapLoadOf(trial: RealTrial, seed: number): HeapLoad {
  const { atMs } = trial.arrivals;
  const counts = new Float64Array(Math.ceil((atMs.at(-1) ?? 0) / tickMs));
  for (const at of atMs) {
    const second = Math.floor(at / tickMs);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  const warmTicks = Math.round(trial.countedFromMs / tickMs);
  const warm = counts.subarray(0, warmTicks).reduce((sum, count) => sum + count, 0);
  const remembered = new Array<number>(rememberedTicks).fill(trial.recentPerSecondMax);
  const scale = thinning / smaller;
  return {
    seed,
    baseBytes: heapBench.liveBytesMin / smaller,
    requestBytes: heapBench.allocatedBytesPerRequest * scale,
    heldBytes: heapBench.heldBytesPerRequest * scale,
    heldMs: heapBench.heldSeconds * 1_000,
    tickMs,
    warmTicks: rememberedTicks + warmTicks,
    ratePerSecondBefore: warm / Math.max(1, warmTicks) / thinning,
    rates: [...remembered, ...counts].map((count) => count / thinning),
  };
}

/** Most bytes that a load holds at once, in the mean of all ways in which it may come. */
export function liveBytesMax(load: HeapLoad): number {
  const { baseBytes, heldBytes, heldMs, tickMs, rates, ratePerSecondBefore = 0 } = load;
  const kept = Math.exp(-tickMs / heldMs);
  let held = (ratePerSecondBefore * heldBytes * heldMs) / 1_000;
  let most = held;
  for (const rate of rates) {
    held = held * kept + (rate * heldBytes * tickMs) / 1_000;
    most = Math.max(most, held);
  }
  return baseBytes + most;
}

/** Terms of the cost of a real heap. @param peakNeedBytes that committed is measured by */
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

/** As a JVM is told. */
export function wholeMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte) * mebibyte;
}
