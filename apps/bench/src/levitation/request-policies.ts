import { holtWinters, type LevelForecaster, linear, seasonalNaive } from '@levitate/forecast';
import { atEqualReserve, type DemandSeries, runWanted, type TunedPolicy } from '@levitate/models';

/** Demand, and what each forecaster said before each second. */
export interface ForecastTrace extends DemandSeries {
  name: string;
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
export function forecastTrace(series: DemandSeries & { name: string }): ForecastTrace {
  const { name, demand, startSecond } = series;
  const forecasts = FORECASTERS.map(({ make }) => store(make(), demand));
  return { name, demand, startSecond, forecasts };
}

/** Sized on the largest forecast quantile of the delay ahead; how far up is what reserve allows. */
export const forecastPolicies: readonly TunedPolicy<ForecastTrace>[] = FORECASTERS.flatMap(
  ({ name }, index) =>
    (['scaled q50', 'scaled q90', 'q50 to q99'] as const).map(
      (form): TunedPolicy<ForecastTrace> => ({
        name: `${name} ${form}`,
        run({ demand, forecasts }, { delaySeconds, share }) {
          const stored = forecasts[index] as StoredForecasts;
          const at = (setting: number) => {
            const wanted = wantedBy(stored, { form, setting, delaySeconds, length: demand.length });
            return runWanted(demand, { wanted, delaySeconds });
          };
          return atEqualReserve(at, { range: form === 'q50 to q99' ? [-1, 20] : [0.2, 20], share });
        },
      }),
    ),
);

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
