import {
  type BurstForecast,
  brierSkill,
  expectedCalibrationError,
  type StatedProbability,
} from '@levitate/forecast';
import {
  ClaimTally,
  COUNTED_FROM_BURST,
  generatedLink,
  type SecondForecast,
} from '@levitate/models';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { type ForecastLink, forecastLink, type Ways } from './link-seconds.ts';
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
const TRACES = { full: 116, low: 100, quick: 5, fit: 10 };
const HORIZON_MS = 10_000;
/** Name of what serves, among the ways that are raced. */
export const PRODUCT = 'served';

/** Claims and probabilities on generated traffic, the product beside every baseline. */
export async function measureGenerated(
  context: Pick<BenchContext, 'seed' | 'quick' | 'signal' | 'progress'>,
  ways: Ways & { [PRODUCT]: Ways[string] },
): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const calibration: number[] = [];
  const persistence: number[] = [];
  const alwaysOnPrecision: number[] = [];
  const servedBy: Record<string, unknown> = {};
  for (const traffic of CLASSES) {
    const full = traffic.isBar ? TRACES.full : TRACES.low;
    const traces = context.quick ? TRACES.quick : full;
    const raced = traffic.isBar ? ways : { [PRODUCT]: ways[PRODUCT] };
    const {
      tallies,
      stated,
      servedBy: model,
    } = await runClass({
      traffic,
      traces,
      context,
      ways: raced,
    });
    const served = tallyOf(tallies, PRODUCT);
    const judged = stated[PRODUCT] ?? [];
    figures.metrics[`precision_${traffic.name}`] = served.precision;
    figures.metrics[`recall_${traffic.name}`] = served.recall;
    figures.metrics[`lead_s_${traffic.name}`] = served.leadS;
    figures.metrics[`brier_skill_${traffic.name}`] = brierSkill(judged) ?? 0;
    servedBy[traffic.name] = model;
    figures.baseline[traffic.name] = {
      traces,
      onsets: served.onsets,
      forecasts: judged.length,
      base_rate: rateOf(judged),
      claims: claimRows(tallies),
      probabilities: probabilityRows(stated, context.seed),
    };
    if (!traffic.isBar) continue;
    calibration.push(expectedCalibrationError(judged, { seed: context.seed }));
    persistence.push(tallyOf(tallies, 'recency_persistence').precision);
    persistence.push(tallyOf(tallies, 'level_persistence').precision);
    alwaysOnPrecision.push(tallyOf(tallies, 'always_on').precision);
  }
  figures.metrics.ece = Math.max(...calibration);
  figures.metrics.persistence_precision = Math.max(...persistence);
  figures.metrics.always_on_precision = Math.max(...alwaysOnPrecision);
  figures.environment.servedBy = servedBy;
  return figures;
}

type Tallies = Map<string, ClaimTally>;
type Stated = Record<string, StatedProbability[]>;

function tallyOf(tallies: Tallies, name: string): ClaimTally {
  const known = tallies.get(name) ?? new ClaimTally();
  tallies.set(name, known);
  return known;
}

function claimRows(tallies: Tallies): Record<string, unknown> {
  const rows = [...tallies].map(([name, { precision, recall, leadS }]) => [
    name,
    { precision, recall, lead_s: leadS },
  ]);
  return Object.fromEntries(rows);
}

function probabilityRows(stated: Stated, seed: number): Record<string, unknown> {
  const rows = Object.entries(stated).map(([name, list]) => [
    name,
    { ece: expectedCalibrationError(list, { seed }), brier_skill: brierSkill(list) },
  ]);
  return Object.fromEntries(rows);
}

async function runClass(input: {
  traffic: BurstClass;
  traces: number;
  context: Pick<BenchContext, 'seed' | 'quick' | 'signal' | 'progress'>;
  ways: Ways;
}): Promise<{ tallies: Tallies; stated: Stated; servedBy: string }> {
  const { traffic, traces, context, ways } = input;
  const { kind, basePps } = traffic;
  const linkOf = (part: string, index: number, raced: Ways): ForecastLink => {
    const seed = `bench ${part} ${context.seed} ${index}`;
    return forecastLink(generatedLink({ kind, basePps, seed, durationMs: DURATION_MS }), raced);
  };
  const fits = context.quick ? 2 : TRACES.fit;
  const alarms: Record<string, SimpleAlarm> = {
    always_on: alwaysOn,
    recency_persistence: recencyPersistence,
    level_persistence: levelPersistence,
    seasonal_naive: seasonalNaiveAlarm,
    linear: linearAlarm,
    logistic: logisticAlarm(
      fitLogisticAlarm(Array.from({ length: fits }, (_, index) => linkOf('fit', index, {}))),
    ),
  };
  const tallies: Tallies = new Map();
  const stated: Stated = {};
  const speakers = new Map<string, number>();
  for (let index = 0; index < traces; index++) {
    context.signal.throwIfAborted();
    context.progress(`${traffic.name} ${index + 1}/${traces}`);
    const link = linkOf('test', index, ways);
    const { onsetsMs, endMs } = link;
    for (const [name, said] of Object.entries(link.forecasts)) {
      tallyOf(tallies, name).add({ forecasts: claimsOf(link, said), onsetsMs, endMs });
      stated[name] = [...(stated[name] ?? []), ...statedOf(link, said)];
    }
    for (const [name, alarm] of Object.entries(alarms)) {
      tallyOf(tallies, name).add({ forecasts: alarm(link.seconds), onsetsMs, endMs });
    }
    for (const { burstPredicted, model } of link.forecasts[PRODUCT] ?? []) {
      if (burstPredicted) speakers.set(model, (speakers.get(model) ?? 0) + 1);
    }
    await new Promise(setImmediate);
  }
  const [servedBy] = [...speakers].sort(([, one], [, other]) => other - one);
  return { tallies, stated, servedBy: servedBy?.[0] ?? 'none' };
}

function claimsOf({ seconds }: ForecastLink, said: readonly BurstForecast[]): SecondForecast[] {
  return said.map(({ burstPredicted, timeToBurstS }, index) => {
    const atMs = seconds[index]?.atMs ?? 0;
    const tauMs = burstPredicted ? atMs + Math.max(0, timeToBurstS) * 1000 : undefined;
    return { atMs, tauMs };
  });
}

/** "A burst starts within 10 s", as stated from the fourth burst to 10 s before the end. */
function statedOf(
  { seconds, onsetsMs, endMs }: ForecastLink,
  said: readonly BurstForecast[],
): StatedProbability[] {
  const fromMs = onsetsMs[COUNTED_FROM_BURST - 2] ?? Number.POSITIVE_INFINITY;
  return said.flatMap(({ confidence }, index) => {
    const atMs = seconds[index]?.atMs ?? 0;
    if (atMs < fromMs || atMs > endMs - HORIZON_MS) return [];
    const cameTrue = onsetsMs.some((onset) => onset > atMs && onset <= atMs + HORIZON_MS);
    return [{ probability: confidence, cameTrue }];
  });
}

function rateOf(stated: readonly StatedProbability[]): number {
  return stated.filter(({ cameTrue }) => cameTrue).length / Math.max(1, stated.length);
}
