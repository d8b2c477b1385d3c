import type { SeededRandom } from '@levitate/clock';
import { Pool } from './pool.ts';
import { drawSlowdowns, type Slowdowns } from './slowdowns.ts';

/** The connection pool of the control bench. */
export const connectionPoolBench = {
  sizeMin: 4,
  sizeMax: 64,
  /** Busy connections at peak demand. */
  peak: 50,
  serviceMs: 40,
  actuationDelayMs: 1_000,
  releaseDelayMs: 10_000,
  knee: 64,
  loss: 0.3,
} as const;

/**
 * Connections that serve 40 ms on average; new ones are usable after 1 s. A smaller pool hands no
 * more than its size out from the request on; what is too much is closed, and counts, until 10 s
 * later, and a rise before that takes it back without opening anything.
 */
export function connectionPool(options: {
  /** Connections at the start. */
  size: number;
  /** Time to open one, milliseconds; default 1,000. */
  actuationDelayMs?: number;
  /** When the database is slow; default never. */
  slowdowns?: Slowdowns;
}): Pool {
  return new Pool({ ...connectionPoolBench, ...options });
}

/** A database that slows down to 0.3-0.7 for 20-60 s, again and again. */
export function databaseSlowdowns(options: { untilMs: number; random: SeededRandom }): Slowdowns {
  return drawSlowdowns({ everySeconds: 300, lastSeconds: [20, 60], factor: [0.3, 0.7] }, options);
}
