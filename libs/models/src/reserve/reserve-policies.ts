import { atEqualReserve, type PoolResult, runWanted } from './equal-reserve.ts';
import { type DemandSeries, RESERVE_PRICES, type ReserveModel } from './reserve-network.ts';

/** A policy with its parameters chosen; `undefined` where it cannot be given equal reserve. */
export interface TunedPolicy<Trace extends DemandSeries = DemandSeries> {
  name: string;
  run(trace: Trace, setting: PoolSetting): PoolResult | undefined;
}

/** What a pool is like. */
export interface PoolSetting {
  delaySeconds: number;
  /** Reserve over demand; default that of the bench. */
  share?: number;
}

/** EWMA x headroom: the headroom is what equal reserve asks, the smoothing is tuned. */
const ewmaPolicies: readonly TunedPolicy[] = [
  0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1,
].map((alpha) => ({
  name: `ewma alpha ${alpha}`,
  run({ demand }, { delaySeconds, share }) {
    const level = new Float64Array(demand.length);
    let mean = demand[0] ?? 0;
    for (let second = 1; second < demand.length; second++) {
      mean += alpha * ((demand[second - 1] as number) - mean);
      level[second] = mean;
    }
    const at = (headroom: number) =>
      runWanted(demand, { wanted: level.map((value) => headroom * value), delaySeconds });
    return atEqualReserve(at, { range: [0.5, 20], share });
  },
}));

/** Raise when full, else decay: the decay is what equal reserve asks, the rest is tuned. */
const doubleDecayPolicies: readonly TunedPolicy[] = [1.05, 1.1, 1.2, 1.5, 2].flatMap((up) =>
  [1, 3, 6].map(
    (patience) =>
      ({
        name: `double/decay x${up} every ${patience} s`,
        run: ({ demand }, { delaySeconds, share }) =>
          // A larger setting decays less, so it reserves more.
          atEqualReserve(
            (setting) =>
              runDoubleDecay(demand, { up, patience, decay: 1 - 10 ** -setting, delaySeconds }),
            { range: [0.3, 6], share },
          ),
      }) satisfies TunedPolicy,
  ),
);

/** The policies that forecast nothing; the best of them is the tuned reactive one. */
export const reactivePolicies: readonly TunedPolicy[] = [...ewmaPolicies, ...doubleDecayPolicies];

/** Beyond the cheapest price all capacities grow together, up to so many times. */
const GROWTH_MAX = 20;

/** The learned policy: the price of reserve is what equal reserve asks, nothing else is tuned. */
export function learnedPolicy(model: ReserveModel): TunedPolicy {
  const known = new WeakMap<DemandSeries, Map<number, Float64Array[]>>();
  const curvesOf = (trace: DemandSeries, delaySeconds: number): Float64Array[] => {
    const delays = known.get(trace) ?? new Map<number, Float64Array[]>();
    known.set(trace, delays);
    const curves = delays.get(delaySeconds) ?? model.capacities(trace, delaySeconds).toReversed();
    delays.set(delaySeconds, curves);
    return curves;
  };
  return {
    name: 'learned',
    run(trace, { delaySeconds, share }) {
      const curves = curvesOf(trace, delaySeconds);
      const at = (setting: number) =>
        runWanted(trace.demand, { wanted: betweenCurves(curves, setting), delaySeconds });
      return atEqualReserve(at, { range: [-3, RESERVE_PRICES.length + GROWTH_MAX], share });
    },
  };
}

/**
 * Capacities between two neighbouring prices: setting k is curve k, the dearest reserve first;
 * outside of the curves the nearest one, scaled.
 */
function betweenCurves(curves: readonly Float64Array[], setting: number): Float64Array {
  const last = curves.length - 1;
  if (setting <= 0) return (curves[0] as Float64Array).map((value) => value * Math.exp(setting));
  if (setting >= last) {
    return (curves[last] as Float64Array).map((value) => value * (1 + setting - last));
  }
  const lower = Math.floor(setting);
  const share = setting - lower;
  const upper = curves[lower + 1] as Float64Array;
  return (curves[lower] as Float64Array).map(
    (value, second) => value + share * ((upper[second] as number) - value),
  );
}

/** A tight reserve, at which policies differ that reject nothing at the bench's own. */
const TIGHT_SHARE = 1.05;

/**
 * The policy of the list with the fewest rejects over the traces, each at equal reserve. Where
 * several reject nothing, rejects at a tighter reserve decide.
 */
export function tune<Trace extends DemandSeries>(
  policies: readonly TunedPolicy<Trace>[],
  { traces, delaySeconds }: { traces: readonly Trace[]; delaySeconds: number },
): TunedPolicy<Trace> {
  const rejects = (policy: TunedPolicy<Trace>, setting: PoolSetting) =>
    traces.reduce(
      (sum, trace) => sum + (policy.run(trace, setting)?.rejected ?? Number.POSITIVE_INFINITY),
      0,
    );
  const scored = policies.map((policy) => ({
    policy,
    rejected: rejects(policy, { delaySeconds }),
  }));
  const least = Math.min(...scored.map(({ rejected }) => rejected));
  const tied = scored.filter(({ rejected }) => rejected === least);
  const tight = { delaySeconds, share: TIGHT_SHARE };
  const [best] = tied
    .map(({ policy }) => ({ policy, rejected: tied.length > 1 ? rejects(policy, tight) : 0 }))
    .toSorted((a, b) => a.rejected - b.rejected);
  if (best === undefined) throw new RangeError('no policy to tune');
  return best.policy;
}

function runDoubleDecay(
  demand: Float64Array,
  law: { up: number; patience: number; decay: number; delaySeconds: number },
): PoolResult {
  const { up, patience, decay, delaySeconds } = law;
  const wanted = new Float64Array(demand.length);
  let capacity = Math.max(1, 2 * (demand[0] ?? 0));
  let raised = -patience;
  for (let second = 0; second < demand.length; second++) {
    if (second > 0) {
      let usable = wanted[second - 1] as number;
      for (let back = 2; back <= delaySeconds + 1 && second - back >= 0; back++) {
        usable = Math.min(usable, wanted[second - back] as number);
      }
      const isFull = (demand[second - 1] as number) >= usable;
      if (isFull && second - raised >= patience) {
        capacity = Math.max(capacity, 1) * up;
        raised = second;
      } else if (!isFull) capacity *= decay;
    }
    wanted[second] = capacity;
  }
  return runWanted(demand, { wanted, delaySeconds });
}
