import { expect, it } from 'vitest';
import { type FaultSequences, runSequences, shorten } from './fault-sequences.ts';

/** Breaks where a 7 comes after a 3. */
const sequences: FaultSequences<number> = {
  draw: (seed) => Array.from({ length: 20 }, (_, index) => (seed * 31 + index * index) % 11),
  async play(_seed, steps) {
    const at = steps.indexOf(3);
    const isBroken = at >= 0 && steps.indexOf(7, at) > at;
    const violation = isBroken ? { rule: '3 before 7', detail: steps.join() } : undefined;
    return { violation, counts: { steps: steps.length } };
  },
};

it('stops at the first broken rule and leaves out the steps it does not need', async () => {
  const { broken, played, counts } = await runSequences(sequences, 100);
  expect(broken?.seed).toBe(played);
  expect(counts.steps).toBe(20 * played);
  expect(broken && (await shorten(sequences, broken)).steps).toEqual([3, 7]);
});
