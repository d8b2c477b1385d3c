import { expect, it } from 'vitest';
import { KeptAnswer } from './kept-answer.ts';

it('an answer is told to all who ask within its time, then it is asked for anew', async () => {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return asked;
  };
  const kept = new KeptAnswer({ ask, keptMs: 500 });
  expect(await Promise.all([0, 10, 500].map((nowMs) => kept.get(nowMs)))).toEqual([1, 1, 1]);
  expect(await kept.get(501)).toBe(2);
  expect(await kept.get(1_001)).toBe(2);
});
