import { setTimeout as sleep } from 'node:timers/promises';

/** What came back of a load. */
export interface LoadReading {
  sent: number;
  errors: number;
  /** Of the first error, for a person. */
  firstError: string;
  /** From the time a request was due, or sent where that was before, to its answer; ascending. */
  latenciesMs: readonly number[];
  /** Members that the answers came from, at least and at most. */
  members: readonly [least: number, most: number];
}

/**
 * Send at a fixed rate whatever comes back. Latency counts from the time a request was due, so that
 * a service that stalls cannot hide it by holding the sender up.
 * @param options.send throws for an error; gives the members that answered
 */
export async function openLoop(options: {
  count: number;
  ratePerSecond: number;
  signal: AbortSignal;
  send: (index: number) => Promise<number>;
}): Promise<LoadReading> {
  const { count, ratePerSecond, signal, send } = options;
  const latenciesMs: number[] = [];
  let errors = 0;
  let firstError = '';
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const startMs = performance.now();
  const one = async (index: number, dueMs: number) => {
    try {
      const members = await send(index);
      latenciesMs.push(performance.now() - dueMs);
      least = Math.min(least, members);
      most = Math.max(most, members);
    } catch (error) {
      errors++;
      if (firstError === '') firstError = (error as Error).message;
    }
  };
  const flying: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = startMs + (index * 1000) / ratePerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    // A timer counts whole milliseconds and comes up to one too early: that is no speed of theirs.
    flying.push(one(index, Math.min(dueMs, performance.now())));
  }
  await Promise.all(flying);
  latenciesMs.sort((a, b) => a - b);
  const members = [Number.isFinite(least) ? least : 0, most] as const;
  return { sent: count, errors, firstError, latenciesMs, members };
}

/** A quantile of ascending values, nearest rank; `undefined` of none. */
export function quantileOf(ascending: readonly number[], q: number): number | undefined {
  return ascending[
    Math.min(ascending.length - 1, Math.max(0, Math.ceil(q * ascending.length) - 1))
  ];
}
