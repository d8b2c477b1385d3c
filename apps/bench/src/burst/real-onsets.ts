import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SeededRandom } from '@levitate/clock';
import {
  fitLogistic,
  lastOnset,
  logisticScore,
  meanBetween,
  ONSET_HORIZON_S,
  type RequestDay,
  RequestOnsetModel,
  requestDay,
  scoredSeconds,
  windowFeatures,
} from '@levitate/models';
import { openKernel } from '@levitate/neural';
import { parseTrace } from '@levitate/traffic';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { allNotMeasured } from '../report.ts';
import { type RankedOutcome, RankedScores } from './ranked-scores.ts';

const KIND = 'requests-1s-twitter';
/** Every day is scored by what was trained on days of the other folds. */
const FOLDS = 4;
const DAYS_MIN = FOLDS;
const RESAMPLES = 300;
/** Of the 90 % interval. */
const LOWER_QUANTILE = 0.05;
const QUIET_STRIDE = 37;
const LEVEL_SPANS_S = [1, 5, 15] as const;
const KEYS = ['real_onset_pr_auc_gain', 'real_onset_pr_auc_gain_low'] as const;
const OURS = 'ours';

/** Outcomes of each method; their blocks are the days. */
type Methods = Map<string, RankedOutcome[]>;

/** Onsets of real request bursts: area under precision and recall, against every baseline. */
export async function measureRealOnsets(
  context: Pick<BenchContext, 'seed' | 'quick' | 'dataDirectory' | 'signal' | 'progress'>,
): Promise<BenchFigures> {
  if (context.quick) return missing('trains on nine days four times over: in full runs only');
  const days = readDays(context);
  const onsets = days.reduce((sum, day) => sum + day.onsets.length, 0);
  if (days.length < DAYS_MIN || onsets === 0) {
    return missing(`needs ${DAYS_MIN} days of ${KIND} with onsets; found ${days.length}`);
  }
  const methods: Methods = new Map();
  const kernel = await openKernel('auto');
  for (let fold = 0; fold < FOLDS; fold++) {
    context.signal.throwIfAborted();
    context.progress(`real onsets, fold ${fold + 1}/${FOLDS}`);
    const test = days.filter((_, index) => index % FOLDS === fold);
    const train = days.filter((_, index) => index % FOLDS !== fold);
    const seed = `bench burst ${context.seed} fold ${fold}`;
    const model = RequestOnsetModel.train(train, { kernel, seed });
    const logistic = fitWindowLogistic(train);
    for (const day of test) {
      score(methods, { day, block: days.indexOf(day), train, model, logistic });
      await new Promise(setImmediate);
    }
  }
  return figuresOf({ methods, days, onsets, seed: context.seed });
}

function missing(reason: string): BenchFigures {
  return allNotMeasured(KEYS, reason);
}

function readDays(context: { dataDirectory: string }): RequestDay[] {
  const folder = join(context.dataDirectory, 'traces', KIND);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => /\.csv(\.gz)?$/.test(file));
  return files.toSorted().map((file) => {
    const bytes = readFileSync(join(folder, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const rows = parseTrace({ kind: KIND, text });
    const values = new Float64Array(Math.floor((rows.at(-1)?.timeMs ?? 0) / 1000) + 1);
    for (const { timeMs, value } of rows) values[Math.floor(timeMs / 1000)] = value ?? 0;
    return requestDay(file, values);
  });
}

type WindowLogistic = ReturnType<typeof fitLogistic>;

function fitWindowLogistic(days: readonly RequestDay[]): WindowLogistic {
  const inputs: number[] = [];
  const outcomes: number[] = [];
  for (const day of days) {
    for (const second of scoredSeconds(day)) {
      const isComing = day.isComing[second] === 1;
      if (!isComing && second % QUIET_STRIDE !== 0) continue;
      for (const value of windowFeatures(day, second)) inputs.push(value);
      outcomes.push(isComing ? 1 : 0);
    }
  }
  return fitLogistic(
    {
      inputs: Float64Array.from(inputs),
      features: inputs.length / outcomes.length,
      outcomes: Uint8Array.from(outcomes),
      weights: Float64Array.from(outcomes, (outcome) => (outcome === 1 ? 1 : QUIET_STRIDE)),
    },
    { ridge: 10 },
  );
}

/** Let every method score a day that it did not learn from. */
function score(
  methods: Methods,
  parts: {
    day: RequestDay;
    block: number;
    train: readonly RequestDay[];
    model: RequestOnsetModel;
    logistic: WindowLogistic;
  },
): void {
  const { day, block, train, model, logistic } = parts;
  const seconds = [...scoredSeconds(day)];
  const add = (name: string, scores: ArrayLike<number>) => {
    const outcomes = methods.get(name) ?? [];
    seconds.forEach((second, row) => {
      const cameTrue = day.isComing[second] === 1;
      outcomes.push({ score: scores[row] as number, cameTrue, block });
    });
    methods.set(name, outcomes);
  };
  const each = (of: (second: number) => number) => Float64Array.from(seconds, of);
  const baseline = (second: number) => day.baselines[second] as number;
  const yesterday = train.at(-1) as RequestDay;
  const highestAhead = (level: (second: number) => number) => (second: number) => {
    let highest = 0;
    for (let ahead = 1; ahead <= ONSET_HORIZON_S; ahead++) {
      highest = Math.max(highest, level(second + ahead));
    }
    return highest / baseline(second);
  };
  add(OURS, model.scores(day, seconds));
  add(
    'recency_persistence',
    each((second) => lastOnset(day, second) - second),
  );
  for (const span of LEVEL_SPANS_S) {
    const level = (second: number) => meanBetween(day.values, second + 1 - span, second + 1);
    add(
      `level_persistence_${span}s`,
      each((second) => level(second) / baseline(second)),
    );
  }
  add('seasonal_naive_mean', each(highestAhead((second) => model.profile.level(second))));
  add('seasonal_naive_day', each(highestAhead((second) => yesterday.values[second] ?? 0)));
  add(
    'logistic',
    each((second) => logisticScore(logistic, Float64Array.from(windowFeatures(day, second)))),
  );
}

function figuresOf(input: {
  methods: Methods;
  days: readonly RequestDay[];
  onsets: number;
  seed: number;
}): BenchFigures {
  const { methods, days, onsets, seed } = input;
  const ranked = new Map(
    [...methods].map(([name, outcomes]) => [name, new RankedScores(outcomes)]),
  );
  const { gain, areas } = gainOf(ranked);
  const random = new SeededRandom(seed).fork('day blocks');
  const gains: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const times = days.map(() => 0);
    for (let draw = 0; draw < days.length; draw++) {
      const day = Math.floor(random.float() * days.length);
      times[day] = (times[day] as number) + 1;
    }
    const again = gainOf(ranked, times).gain;
    if (Number.isFinite(again)) gains.push(again);
  }
  gains.sort((one, other) => one - other);
  const low = gains[Math.floor(LOWER_QUANTILE * gains.length)] ?? 0;
  return {
    metrics: { real_onset_pr_auc_gain: gain, real_onset_pr_auc_gain_low: low },
    baseline: {
      [KIND]: {
        days: days.length,
        onsets,
        folds: FOLDS,
        resamples: gains.length,
        seconds: methods.get(OURS)?.length ?? 0,
        pr_auc: areas,
      },
    },
    environment: {},
    notMeasured: {},
  };
}

/** Ours over the best of the others, on the same days; in a resample the best may be another. */
function gainOf(
  ranked: ReadonlyMap<string, RankedScores>,
  times?: readonly number[],
): { gain: number; areas: Record<string, number> } {
  const areas: Record<string, number> = {};
  for (const [name, scores] of ranked) areas[name] = scores.averagePrecision(times) ?? Number.NaN;
  const { [OURS]: ours = Number.NaN, ...others } = areas;
  return { gain: ours / Math.max(...Object.values(others)), areas };
}
