import { holtWinters, type LevelForecaster, linear, seasonalNaive } from '@levitate/forecast';
import { atEqualReserve, type PoolResult, runWanted, UNCOUNTED_SECONDS } from './equal-reserve.ts';

/** A policy with its parameters chosen; `undefined` where it cannot be given equal reserve. */
export interface TunedPolicy {
  name: string;
  run(trace: ForecastTrace, setting: PoolSetting): PoolResult | undefined;
}

/** What a pool is like. */
export interface PoolSetting {
  delaySeconds: number;
  /** Reserve over demand; default that of the bench. */
  share?: number;
}

/** Demand, and what each forecaster said before each second. */
export interface ForecastTrace {
  demand: Float64Array;
  forecasts: readonly StoredForecasts[];
}

/** Quantiles of one forecaster: entry `second x STEPS + k` is for k seconds after that second. */
interface StoredForecasts {
  q50: Float32Array;
  q90: Float32Array;
  q99: Float32Array;
}

/** Furthest second ahead: the longest delay of the bench and the second that is being asked for. */
const STEPS = 6;

/** Requests are noisier than links: smoothing is slower, errors are remembered longer. */
const SLOW = {
  plain: [0.02, 0.05, 0.1, 0.2, 0.4, 0.8].map((alpha) => ({ alpha, beta: 0 })),
  residualsMax: 900,
};

/** The level forecasters of the product, and Holt-Winters set for requests. */
const FORECASTERS: readonly { name: string; make: () => LevelForecaster }[] = [
  { name: 'seasonal-naive', make: () => seasonalNaive({ stepsMax: STEPS }) },
  { name: 'holt-winters', make: () => holtWinters({ stepsMax: STEPS }) },
  { name: 'slow holt-winters', make: () => holtWinters({ stepsMax: STEPS, ...SLOW }) },
  { name: 'linear', make: () => linear({ stepsMax: STEPS }) },
];

/** Let every level forecaster run over the trace, knowing only what lies before each second. */
export function forecastTrace(demand: Float64Array): ForecastTrace {
  return { demand, forecasts: FORECASTERS.map(({ make }) => store(make(), demand)) };
}

/** EWMA x headroom: the headroom is what equal reserve asks, the smoothing is tuned. */
export const ewmaPolicies: readonly TunedPolicy[] = [
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
export const doubleDecayPolicies: readonly TunedPolicy[] = [1.05, 1.1, 1.2, 1.5, 2].flatMap((up) =>
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

/** Sized on the largest forecast quantile of the delay ahead; how far up is what reserve allows. */
export const forecastPolicies: readonly TunedPolicy[] = FORECASTERS.flatMap(({ name }, index) =>
  (['scaled q50', 'scaled q90', 'q50 to q99'] as const).map(
    (form) =>
      ({
        name: `${name} ${form}`,
        run({ demand, forecasts }, { delaySeconds, share }) {
          const stored = forecasts[index] as StoredForecasts;
          const at = (setting: number) => {
            const wanted = wantedBy(stored, { form, setting, delaySeconds, length: demand.length });
            return runWanted(demand, { wanted, delaySeconds });
          };
          return atEqualReserve(at, { range: form === 'q50 to q99' ? [-1, 20] : [0.2, 20], share });
        },
      }) satisfies TunedPolicy,
  ),
);

/** A tight reserve, at which policies differ that reject nothing at the bench's own. */
const TIGHT_SHARE = 1.05;

/**
 * The policy of the list with the fewest rejects over the traces, each at equal reserve. Where
 * several reject nothing, rejects at a tighter reserve decide.
 */
export function tune(
  policies: readonly TunedPolicy[],
  { traces, delaySeconds }: { traces: readonly ForecastTrace[]; delaySeconds: number },
): TunedPolicy {
  const rejects = (policy: TunedPolicy, setting: PoolSetting) =>
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

function store(forecaster: LevelForecaster, demand: Float64Array): StoredForecasts {
  const size = demand.length * STEPS;
  const stored = {
    q50: new Float32Array(size),
    q90: new Float32Array(size),
    q99: new Float32Array(size),
  };
  for (let second = 1; second < demand.length; second++) {
    forecaster.learn(demand[second - 1]);
    forecaster.forecast(STEPS).forEach((quantiles, ahead) => {
      const at = second * STEPS + ahead;
      stored.q50[at] = quantiles.q50;
      stored.q90[at] = quantiles.q90;
      stored.q99[at] = quantiles.q99;
    });
  }
  return stored;
}

function wantedBy(
  stored: StoredForecasts,
  options: {
    form: 'scaled q50' | 'scaled q90' | 'q50 to q99';
    setting: number;
    delaySeconds: number;
    length: number;
  },
): Float64Array {
  const { form, setting, delaySeconds, length } = options;
  const { q50, q90, q99 } = stored;
  const wanted = new Float64Array(length);
  for (let second = 0; second < length; second++) {
    let largest = 0;
    for (let ahead = 0; ahead <= delaySeconds; ahead++) {
      const at = second * STEPS + ahead;
      const middle = q50[at] as number;
      const value =
        form === 'scaled q50'
          ? setting * middle
          : form === 'scaled q90'
            ? setting * (q90[at] as number)
            : middle + setting * ((q99[at] as number) - middle);
      largest = Math.max(largest, value);
    }
    wanted[second] = largest;
  }
  return wanted;
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

/** Traces shorter than this say nothing: most of them would not count. */
export const SHORTEST_SECONDS = 4 * UNCOUNTED_SECONDS;
