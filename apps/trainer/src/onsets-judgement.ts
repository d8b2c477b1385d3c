import {
  onsetRivals,
  type RankedOutcome,
  RankedScores,
  REQUEST_ONSETS,
  type RequestDay,
  type RequestOnsetModel,
  scoredSeconds,
} from '@levitate/models';

/** What the test days say, touched once. */
export interface OnsetJudgement {
  onsets: number;
  /** Average precision of the model and of every baseline. */
  areas: Record<string, number>;
  /** Recall and precision of the model and of the best baseline, for a picture. */
  curves: Record<string, [recall: number, precision: number][]>;
}

/** Points of a curve. */
const POINTS = 200;

/** Score the model and the baselines, fitted on the same days, on days that none has seen. */
export function judgeOnsets(input: {
  model: Pick<RequestOnsetModel, 'scores'>;
  learned: readonly RequestDay[];
  days: readonly RequestDay[];
}): OnsetJudgement {
  const { model, learned, days } = input;
  const scorers = {
    [REQUEST_ONSETS]: (day: RequestDay, seconds: readonly number[]) => model.scores(day, seconds),
    ...onsetRivals(learned),
  };
  const areas: Record<string, number> = {};
  const held: Record<string, RankedOutcome[]> = {};
  for (const [name, score] of Object.entries(scorers)) {
    const outcomes = days.flatMap((day, block) => {
      const seconds = [...scoredSeconds(day)];
      const scores = score(day, seconds);
      return seconds.map((second, row) => ({
        score: scores[row] as number,
        cameTrue: day.isComing[second] === 1,
        block,
      }));
    });
    held[name] = outcomes;
    areas[name] = new RankedScores(outcomes).averagePrecision() ?? 0;
  }
  const rivals = Object.entries(areas).filter(([name]) => name !== REQUEST_ONSETS);
  const [rival = ''] = rivals.toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return {
    onsets: days.reduce((sum, { onsets }) => sum + onsets.length, 0),
    areas,
    curves: Object.fromEntries(
      [REQUEST_ONSETS, rival].map((name) => [name, curveOf(held[name] ?? [])]),
    ),
  };
}

/** Precision where recall has gained another share, from the most likely second down. */
function curveOf(outcomes: readonly RankedOutcome[]): [number, number][] {
  const ranked = outcomes.toSorted((one, other) => other.score - one.score);
  const all = ranked.filter(({ cameTrue }) => cameTrue).length;
  const points: [number, number][] = [];
  let hits = 0;
  ranked.forEach(({ cameTrue }, index) => {
    if (!cameTrue) return;
    hits += 1;
    if (hits % Math.ceil(all / POINTS) === 0) points.push([hits / all, hits / (index + 1)]);
  });
  return points;
}
