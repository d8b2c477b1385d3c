import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import {
  loadModelFile,
  type OnsetScore,
  onsetRivals,
  openRequestOnsets,
  type RankedOutcome,
  RankedScores,
  REQUEST_ONSETS,
  type RequestDay,
  type RequestOnsets,
  readRequestSeries,
  requestDay,
  scoredSeconds,
  splitRequestSeries,
} from '@levitate/models';
import { openKernel } from '@levitate/neural';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { allNotMeasured } from '../report.ts';

const KIND = 'requests-1s-twitter';
/** Fewer learned days leave the baselines without a profile, fewer test days without blocks. */
const LEARNED_DAYS_MIN = 2;
const TEST_DAYS_MIN = 2;
const RESAMPLES = 300;
/** Of the 90 % interval. */
const LOWER_QUANTILE = 0.05;
const KEYS = ['real_onset_pr_auc_gain', 'real_onset_pr_auc_gain_low'] as const;
/** The model that comes with the source. */
const MODEL = new URL('../../../../models/onsets', import.meta.url).pathname;

/** Outcomes of each method; their blocks are the days. */
type Methods = Map<string, RankedOutcome[]>;

/**
 * Onsets of real request bursts: area under precision and recall of the shipped model, against
 * every baseline. The model learned from the first days of the kind and was chosen on them (its
 * manifest names them), the baselines are fitted here on the same days, and the other days are
 * scored.
 */
export async function measureRealOnsets(
  context: Pick<BenchContext, 'seed' | 'dataDirectory' | 'signal' | 'progress'>,
): Promise<BenchFigures> {
  if (!existsSync(join(MODEL, 'manifest.json'))) return missing(`no model in ${MODEL}`);
  const days = readDays(context);
  const onsets = days.test.reduce((sum, day) => sum + day.onsets.length, 0);
  const isEnough = days.learned.length >= LEARNED_DAYS_MIN && days.test.length >= TEST_DAYS_MIN;
  if (!isEnough || onsets === 0) {
    const found = days.learned.length + days.test.length;
    return missing(`needs several days of ${KIND} with onsets, a third to test on; found ${found}`);
  }
  const model = openRequestOnsets(await loadModelFile(MODEL), await openKernel('auto'));
  context.progress('real onsets: fitting the baselines');
  const scorers: Record<string, OnsetScore> = {
    [REQUEST_ONSETS]: (day, seconds) => model.model.scores(day, seconds),
    ...onsetRivals(days.learned),
  };
  const methods: Methods = new Map();
  for (const [block, day] of days.test.entries()) {
    context.progress(`real onsets: ${day.name}`);
    await new Promise(setImmediate);
    context.signal.throwIfAborted();
    score(methods, { day, block, scorers });
  }
  return figuresOf({ methods, days, onsets, model, seed: context.seed });
}

function missing(reason: string): BenchFigures {
  return allNotMeasured(KEYS, reason);
}

interface Days {
  learned: RequestDay[];
  test: RequestDay[];
}

function readDays({ dataDirectory, seed }: { dataDirectory: string; seed: number }): Days {
  const series = readRequestSeries({ kind: KIND, dataDirectory, seed });
  const { training, validation, test } = splitRequestSeries(series);
  const dayOf = ({ name, demand }: (typeof series)[number]) => requestDay(name, demand);
  return { learned: [...training, ...validation].map(dayOf), test: test.map(dayOf) };
}

/** Let every method score a day that it did not learn from. */
function score(
  methods: Methods,
  parts: { day: RequestDay; block: number; scorers: Record<string, OnsetScore> },
): void {
  const { day, block, scorers } = parts;
  const seconds = [...scoredSeconds(day)];
  for (const [name, scorer] of Object.entries(scorers)) {
    const scores = scorer(day, seconds);
    const outcomes = methods.get(name) ?? [];
    seconds.forEach((second, row) => {
      const cameTrue = day.isComing[second] === 1;
      outcomes.push({ score: scores[row] as number, cameTrue, block });
    });
    methods.set(name, outcomes);
  }
}

function figuresOf(input: {
  methods: Methods;
  days: Days;
  onsets: number;
  model: RequestOnsets;
  seed: number;
}): BenchFigures {
  const { methods, days, onsets, model, seed } = input;
  const ranked = new Map(
    [...methods].map(([name, outcomes]) => [name, new RankedScores(outcomes)]),
  );
  const { gain, areas } = gainOf(ranked);
  const random = new SeededRandom(seed).fork('day blocks');
  const gains: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const times = days.test.map(() => 0);
    for (let draw = 0; draw < times.length; draw++) {
      const day = Math.floor(random.float() * times.length);
      times[day] = (times[day] as number) + 1;
    }
    const again = gainOf(ranked, times).gain;
    if (Number.isFinite(again)) gains.push(again);
  }
  gains.sort((one, other) => one - other);
  const low = gains[Math.floor(LOWER_QUANTILE * gains.length)] ?? 0;
  const perDay = days.test.map((_, day) => gainOf(ranked, only(day, days.test.length)));
  const names = (list: readonly RequestDay[]) => list.map(({ name }) => name).join(' ');
  return {
    metrics: { real_onset_pr_auc_gain: gain, real_onset_pr_auc_gain_low: low },
    baseline: {
      [KIND]: {
        learned_days: names(days.learned),
        test_days: names(days.test),
        onsets,
        resamples: gains.length,
        seconds: methods.get(REQUEST_ONSETS)?.length ?? 0,
        pr_auc: areas,
        pr_auc_by_day: perDay.map(({ areas: area }) => area[REQUEST_ONSETS]),
        gain_by_day: perDay.map((day) => day.gain),
      },
    },
    environment: { real_onsets_model: `${model.id}${model.hasWon ? '' : ', beaten: not served'}` },
    notMeasured: {},
  };
}

/** One block once, the others not at all. */
function only(block: number, blocks: number): number[] {
  return Array.from({ length: blocks }, (_, index) => (index === block ? 1 : 0));
}

/** Ours over the best of the others, on the same days; in a resample the best may be another. */
function gainOf(
  ranked: ReadonlyMap<string, RankedScores>,
  times?: readonly number[],
): { gain: number; areas: Record<string, number> } {
  const areas: Record<string, number> = {};
  for (const [name, scores] of ranked) areas[name] = scores.averagePrecision(times) ?? Number.NaN;
  const { [REQUEST_ONSETS]: ours = Number.NaN, ...others } = areas;
  return { gain: ours / Math.max(...Object.values(others)), areas };
}
