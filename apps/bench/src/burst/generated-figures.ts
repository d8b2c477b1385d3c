import {
  brierSkill,
  expectedCalibrationError,
  type LinkForecaster,
  type StatedProbability,
} from '@levitate/forecast';
import {
  ClaimTally,
  COUNTED_FROM_BURST,
  generatedLink,
  type SecondForecast,
} from '@levitate/models';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { type ForecastLink, forecastLink } from './link-seconds.ts';
import { fitLogisticAlarm, logisticAlarm } from './logistic-alarm.ts';
import {
  alwaysOn,
  levelPersistence,
  linearAlarm,
  recencyPersistence,
  type SimpleAlarm,
  seasonalNaiveAlarm,
} from './simple-alarms.ts';

/** A class of generated traffic in this bench. */
interface BurstClass {
  name: string;
  kind: 'periodic' | 'precursor';
  basePps: readonly [number, number];
  /** Its figures are held against bars; others are stated. */
  isBar: boolean;
}

const CLASSES: readonly BurstClass[] = [
  { name: 'periodic', kind: 'periodic', basePps: [1000, 5000], isBar: true },
  { name: 'precursor', kind: 'precursor', basePps: [1000, 5000], isBar: true },
  { name: 'precursor_low', kind: 'precursor', basePps: [200, 1000], isBar: false },
  { name: 'periodic_low', kind: 'periodic', basePps: [200, 1000], isBar: false },
];
const DURATION_MS = 540_000;
const TRACES = { full: 110, low: 100, quick: 5, fit: 10 };
const HORIZON_MS = 10_000;

/** Claims and probabilities on generated traffic, the product beside every baseline. */
export async function measureGenerated(
  context: Pick<BenchContext, 'seed' | 'quick' | 'signal' | 'progress'>,
  newForecaster: () => LinkForecaster,
): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const calibration: number[] = [];
  const persistence: number[] = [];
  const alwaysOnPrecision: number[] = [];
  const servedBy: Record<string, unknown> = {};
  for (const traffic of CLASSES) {
    const full = traffic.isBar ? TRACES.full : TRACES.low;
    const traces = context.quick ? TRACES.quick : full;
    const result = await runClass({ traffic, traces, context, newForecaster });
    const { metrics, baseline } = figures;
    const served = result.tallies.product;
    metrics[`precision_${traffic.name}`] = served.precision;
    metrics[`recall_${traffic.name}`] = served.recall;
    metrics[`lead_s_${traffic.name}`] = served.leadS;
    metrics[`brier_skill_${traffic.name}`] = brierSkill(result.stated) ?? 0;
    const ece = expectedCalibrationError(result.stated, { seed: context.seed });
    if (traffic.isBar) calibration.push(ece);
    if (traffic.isBar) {
      persistence.push(result.tallies.recency_persistence.precision);
      persistence.push(result.tallies.level_persistence.precision);
      alwaysOnPrecision.push(result.tallies.always_on.precision);
    }
    baseline[traffic.name] = {
      traces,
      onsets: served.onsets,
      forecasts: result.stated.length,
      ece,
      base_rate: rateOf(result.stated),
      claims: Object.fromEntries(
        Object.entries(result.tallies).map(([name, tally]) => [
          name,
          { precision: tally.precision, recall: tally.recall, lead_s: tally.leadS },
        ]),
      ),
    };
    servedBy[traffic.name] = result.servedBy;
  }
  figures.metrics.ece = Math.max(...calibration);
  figures.metrics.persistence_precision = Math.max(...persistence);
  figures.metrics.always_on_precision = Math.max(...alwaysOnPrecision);
  figures.environment.servedBy = servedBy;
  return figures;
}

type Tallies = Record<
  | 'product'
  | 'always_on'
  | 'recency_persistence'
  | 'level_persistence'
  | 'seasonal_naive'
  | 'logistic'
  | 'linear',
  ClaimTally
>;

async function runClass(input: {
  traffic: BurstClass;
  traces: number;
  context: Pick<BenchContext, 'seed' | 'quick' | 'signal' | 'progress'>;
  newForecaster: () => LinkForecaster;
}): Promise<{ tallies: Tallies; stated: StatedProbability[]; servedBy: string }> {
  const { traffic, traces, context, newForecaster } = input;
  const linkOf = (part: string, index: number): ForecastLink => {
    const seed = `bench ${part} ${context.seed} ${index}`;
    const { kind, basePps } = traffic;
    return forecastLink(
      generatedLink({ kind, basePps, seed, durationMs: DURATION_MS }),
      newForecaster,
    );
  };
  const fitted = Array.from({ length: context.quick ? 2 : TRACES.fit }, (_, i) => linkOf('fit', i));
  const alarms: Record<Exclude<keyof Tallies, 'product'>, SimpleAlarm> = {
    always_on: alwaysOn,
    recency_persistence: recencyPersistence,
    level_persistence: levelPersistence,
    seasonal_naive: seasonalNaiveAlarm,
    logistic: logisticAlarm(fitLogisticAlarm(fitted)),
    linear: linearAlarm,
  };
  const names = ['product', ...Object.keys(alarms)];
  const tallies = Object.fromEntries(names.map((name) => [name, new ClaimTally()])) as Tallies;
  const stated: StatedProbability[] = [];
  const speakers = new Map<string, number>();
  for (let index = 0; index < traces; index++) {
    context.signal.throwIfAborted();
    context.progress(`${traffic.name} ${index + 1}/${traces}`);
    const link = linkOf('test', index);
    const { onsetsMs, endMs } = link;
    tallies.product.add({ forecasts: claimsOf(link), onsetsMs, endMs });
    for (const [name, alarm] of Object.entries(alarms)) {
      const forecasts = alarm(link.seconds);
      tallies[name as keyof Tallies].add({ forecasts, onsetsMs, endMs });
    }
    stated.push(...statedOf(link));
    for (const { burstPredicted, model } of link.forecasts) {
      if (burstPredicted) speakers.set(model, (speakers.get(model) ?? 0) + 1);
    }
    await new Promise(setImmediate);
  }
  const [servedBy] = [...speakers].sort(([, one], [, other]) => other - one);
  return { tallies, stated, servedBy: servedBy?.[0] ?? 'none' };
}

function claimsOf({ forecasts, seconds }: ForecastLink): SecondForecast[] {
  return forecasts.map(({ burstPredicted, timeToBurstS }, index) => {
    const atMs = seconds[index]?.atMs ?? 0;
    const tauMs = burstPredicted ? atMs + Math.max(0, timeToBurstS) * 1000 : undefined;
    return { atMs, tauMs };
  });
}

/** "A burst starts within 10 s", as stated from the fourth burst to 10 s before the end. */
function statedOf({ forecasts, seconds, onsetsMs, endMs }: ForecastLink): StatedProbability[] {
  const fromMs = onsetsMs[COUNTED_FROM_BURST - 2] ?? Number.POSITIVE_INFINITY;
  return forecasts.flatMap(({ confidence }, index) => {
    const atMs = seconds[index]?.atMs ?? 0;
    if (atMs < fromMs || atMs > endMs - HORIZON_MS) return [];
    const cameTrue = onsetsMs.some((onset) => onset > atMs && onset <= atMs + HORIZON_MS);
    return [{ probability: confidence, cameTrue }];
  });
}

function rateOf(stated: readonly StatedProbability[]): number {
  return stated.filter(({ cameTrue }) => cameTrue).length / Math.max(1, stated.length);
}
