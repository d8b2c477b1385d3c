/** Seconds of a trace before which nothing counts: no policy knows the traffic yet. */
export const UNCOUNTED_SECONDS = 120;

/**
 * Reserved resource-seconds over the demand there is to serve, which every policy is given. (Over
 * what each policy served, a policy that rejects more would be given less, and on sparse arrivals
 * no policy could use its reserve at all.)
 */
export const RESERVE_SHARE = 1.2;

/** What a policy did with the counted part of a trace. */
export interface PoolResult {
  arrived: number;
  rejected: number;
  /** Reserved capacity x time over the requests that came. */
  reserveShare: number;
}

/**
 * Run a pool over a trace with the capacity wanted at the start of each second. What is wanted at
 * once counts as reserved, becomes usable `delaySeconds` later and is released at once, the newest
 * first; so what can be used is the least that was wanted over the delay. (`SlowResource` step by
 * step gives the same; this is the same in one pass, because every policy is run many times.)
 */
export function runWanted(
  demand: Float64Array,
  { wanted, delaySeconds }: { wanted: Float64Array; delaySeconds: number },
): PoolResult {
  let arrived = 0;
  let rejected = 0;
  let reserved = 0;
  for (let second = UNCOUNTED_SECONDS; second < demand.length; second++) {
    let usable = wanted[second] as number;
    for (let back = 1; back <= delaySeconds; back++) {
      usable = Math.min(usable, wanted[second - back] as number);
    }
    const requests = demand[second] as number;
    arrived += requests;
    rejected += Math.max(0, requests - usable);
    reserved += wanted[second] as number;
  }
  return { arrived, rejected, reserveShare: arrived > 0 ? reserved / arrived : 0 };
}

/**
 * The result of a policy at the setting at which it reserves the share given of what comes;
 * `undefined` when no setting of the range comes within 0.5 % of it.
 * @param at result at a setting; its reserve grows with the setting
 */
export function atEqualReserve(
  at: (setting: number) => PoolResult,
  { range, share = RESERVE_SHARE }: { range: readonly [number, number]; share?: number },
): PoolResult | undefined {
  let [low, high] = range;
  let result: PoolResult | undefined;
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    result = at(middle);
    if (Math.abs(result.reserveShare - share) < 1e-4) return result;
    if (result.reserveShare < share) low = middle;
    else high = middle;
  }
  return Math.abs((result?.reserveShare ?? 0) - share) < 0.005 * share ? result : undefined;
}
