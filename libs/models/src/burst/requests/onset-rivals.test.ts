import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { type OnsetScore, onsetRivals } from './onset-rivals.ts';
import { type RequestDay, requestDay, scoredSeconds } from './request-day.ts';

const SECONDS = 4 * 3600;
/** Requests burst at this second of every hour. */
const PHASE = 1200;

/** Four hours of a day; a burst each hour, which climbs for five seconds before. */
function dayOf(name: string): RequestDay {
  const random = new SeededRandom(name);
  const values = Float64Array.from({ length: SECONDS }, () => random.poisson(40));
  for (let onset = PHASE; onset < SECONDS; onset += 3600) {
    for (let back = 1; back <= 5; back++) values[onset - back] = 70 + 6 * (5 - back);
    values.fill(250, onset, onset + 15);
  }
  return requestDay(name, values);
}

const rivals = onsetRivals([dayOf('a'), dayOf('b')]);
const day = dayOf('new');

function scoreAt(name: string, second: number): number {
  const score = rivals[name] as OnsetScore;
  return score(day, [second])[0] as number;
}

it('are those that the bench sets beside a model', () => {
  expect(Object.keys(rivals).sort()).toEqual([
    'level_persistence_15s',
    'level_persistence_1s',
    'level_persistence_5s',
    'logistic',
    'recency_persistence',
    'seasonal_naive_day',
    'seasonal_naive_mean',
  ]);
  for (const score of Object.values(rivals)) {
    const scores = score(day, [700, 701, 702]);
    expect(scores).toHaveLength(3);
    expect(scores.every((one) => !Number.isNaN(one))).toBe(true);
  }
});

it('recency says what came last comes soonest', () => {
  expect(scoreAt('recency_persistence', PHASE + 60)).toBe(-60);
  expect(scoreAt('recency_persistence', PHASE + 600)).toBe(-600);
  expect(scoreAt('recency_persistence', 700)).toBe(Number.NEGATIVE_INFINITY);
});

it('level persistence is the newest seconds over the baseline', () => {
  const second = 900;
  const mean = (span: number) =>
    day.values.slice(second + 1 - span, second + 1).reduce((sum, value) => sum + value, 0) / span;
  for (const span of [1, 5, 15]) {
    const expected = mean(span) / (day.baselines[second] as number);
    expect(scoreAt(`level_persistence_${span}s`, second)).toBeCloseTo(expected, 12);
  }
});

it('the seasonal ones look at the same seconds of the days before', () => {
  for (const name of ['seasonal_naive_mean', 'seasonal_naive_day']) {
    expect(scoreAt(name, 3600 + PHASE - 10)).toBeGreaterThan(2 * scoreAt(name, 3600 + PHASE - 60));
  }
  const yesterday = dayOf('b').values;
  const highest = Math.max(...yesterday.slice(901, 911));
  const expected = highest / (day.baselines[900] as number);
  expect(scoreAt('seasonal_naive_day', 900)).toBeCloseTo(expected, 12);
});

it('logistic regression ranks the climb before a burst above quiet seconds', () => {
  const climbing = scoreAt('logistic', 3600 + PHASE - 2);
  const quiet = [...scoredSeconds(day)].filter((second) => day.isComing[second] === 0);
  const above = quiet.filter((second) => scoreAt('logistic', second) >= climbing);
  expect(above.length / quiet.length).toBeLessThan(0.01);
});
