import { Pool } from './pool.ts';

/** The thread pool of the control bench. */
export const threadPoolBench = {
  sizeMin: 4,
  sizeMax: 128,
  /** Busy threads at peak demand. */
  peak: 50,
  serviceMs: 50,
  actuationDelayMs: 100,
  releaseDelayMs: 0,
  /** Beyond 64 busy threads they share what 64 can do, less what switching among them costs. */
  knee: 64,
  loss: 0.05,
} as const;

/**
 * Threads that serve 50 ms on average; new ones are usable after 0.1 s, idle ones go at once, busy
 * ones when they are done. @param size threads at the start
 */
export function threadPool({ size }: { size: number }): Pool {
  return new Pool({ ...threadPoolBench, size });
}
