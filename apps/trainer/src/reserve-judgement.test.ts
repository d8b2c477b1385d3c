import { RESERVE_PRICES, type RequestSeries, type ReserveModel } from '@levitate/models';
import { expect, it } from 'vitest';
import { judgeReserve, LEARNED_RESERVE, REACTIVE_RESERVE } from './reserve-judgement.ts';
import type { ReserveKind } from './reserve-training.ts';

/** Requests that triple for six seconds, at no time that a reactive policy could know. */
function series(name: string, period: number): RequestSeries {
  const demand = Float64Array.from({ length: 1500 }, (_, second) =>
    second % period < 6 ? 300 : 100 + (second % 5),
  );
  return { kind: 'requests-1s-twitter', name, demand, startSecond: 0 };
}

/** A model that knows what comes, or one that asks for the same at all times. */
function modelOf(ahead: number): ReserveModel {
  const capacities = ({ demand }: { demand: Float64Array }) =>
    RESERVE_PRICES.map((price) =>
      demand.map((_, second) => {
        const next = demand.slice(second, second + ahead);
        return (1.3 - price) * (ahead === 0 ? 100 : Math.max(...next));
      }),
    );
  return { capacities } as unknown as ReserveModel;
}

const parts = {
  training: [series('a', 97)],
  validation: [series('b', 89)],
  test: [series('c', 101)],
};
const context = { signal: new AbortController().signal };

function judge(model: ReserveModel, over: Partial<ReserveKind['parts']> = {}) {
  const kind: ReserveKind = {
    kind: 'requests-1s-twitter',
    parts: { ...parts, ...over },
    files: [],
  };
  return judgeReserve({ kinds: [kind], model, context });
}

it('gives a class to the learned policy where it rejects less on validation', async () => {
  const classes = await judge(modelOf(6));
  expect(classes.map(({ name, winner }) => [name, winner])).toEqual([
    ['requests-1s-twitter-delay-1s', LEARNED_RESERVE],
    ['requests-1s-twitter-delay-5s', LEARNED_RESERVE],
  ]);
  const { test } = classes[0] as (typeof classes)[number];
  expect(test[LEARNED_RESERVE]?.rejected).toBeLessThan(test[REACTIVE_RESERVE]?.rejected ?? 0);
});

it('leaves a class with the reactive policy where there is nothing to choose by', async () => {
  const classes = await judge(modelOf(6), { validation: [] });
  expect(classes.map(({ winner }) => winner)).toEqual([REACTIVE_RESERVE, REACTIVE_RESERVE]);
});

it('stops when it is told to', async () => {
  const aborted = { signal: AbortSignal.abort(new Error('enough')) };
  const kind: ReserveKind = { kind: 'requests-1s-twitter', parts, files: [] };
  const judging = judgeReserve({ kinds: [kind], model: modelOf(6), context: aborted });
  await expect(judging).rejects.toThrow('enough');
});
