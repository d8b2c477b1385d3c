/**
 * Packets that no queue within the limit can avoid dropping: those that a queue drops which holds
 * the highest allowed limit all the time. A limit that is lower at some time drops no fewer, for a
 * work-conserving queue of equal packets with tail drop has, at each instant, at least the
 * survivors of any smaller one.
 * @param arrivals packets per step @param queue of the queue simulator, limit = highest allowed
 */
export function queueOracleDrops(
  arrivals: ArrayLike<number>,
  queue: { step(packets: number): { dropped: number } },
): number {
  let dropped = 0;
  for (let index = 0; index < arrivals.length; index++) {
    dropped += queue.step(arrivals[index] as number).dropped;
  }
  return dropped;
}

/** What a resource costs that knows the future. */
export interface SlowResourceOracle {
  /** Reserved capacity per step, in units of demand per second. */
  reserved: Float64Array;
  meanReserved: number;
  changesPerMinute: number;
}

/**
 * The least reserve that rejects nothing: capacity used at t was requested, and so reserved, from
 * t - delay on, hence the largest demand over [t, t + delay]. What came before the first step is
 * taken as reserved already. It ignores any bound on changes a minute.
 * @param demand per second, one per step
 */
export function slowResourceOracle(
  demand: ArrayLike<number>,
  { stepMs, actuationDelayMs }: { stepMs: number; actuationDelayMs: number },
): SlowResourceOracle {
  const ahead = Math.ceil(actuationDelayMs / stepMs - 1e-9);
  const reserved = new Float64Array(demand.length);
  // A queue of candidates whose demand falls: the front is the maximum of the window.
  const candidates: number[] = [];
  let front = 0;
  let entered = 0;
  let sum = 0;
  let changes = 0;
  for (let step = 0; step < demand.length; step++) {
    for (; entered < demand.length && entered <= step + ahead; entered++) {
      const value = demand[entered] as number;
      while (
        candidates.length > front &&
        (demand[candidates.at(-1) as number] as number) <= value
      ) {
        candidates.pop();
      }
      candidates.push(entered);
    }
    while ((candidates[front] as number) < step) front++;
    const value = demand[candidates[front] as number] as number;
    reserved[step] = value;
    sum += value;
    if (step > 0 && value !== reserved[step - 1]) changes++;
  }
  const minutes = (demand.length * stepMs) / 60_000;
  return {
    reserved,
    meanReserved: demand.length === 0 ? 0 : sum / demand.length,
    changesPerMinute: minutes === 0 ? 0 : changes / minutes,
  };
}
