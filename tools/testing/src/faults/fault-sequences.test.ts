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

/** Breaks at every tenth seed. */
const tenths: FaultSequences<number> = {
  draw: (seed) => [seed],
  async play(seed) {
    const violation = seed % 10 === 0 ? { rule: 'no tenth', detail: '' } : undefined;
    return { violation, counts: {} };
  },
};

it('plays first what found a bug before, and all others where it does no more', async () => {
  const known = await runSequences(tenths, 100, 50);
  expect([known.played, known.broken?.seed]).toEqual([1, 50]);
  const stale = await runSequences(tenths, 100, 51);
  expect([stale.played, stale.broken?.seed]).toEqual([11, 10]);
});

it('stops at the first broken rule and leaves out the steps it does not need', async () => {
  const { broken, played, counts } = await runSequences(sequences, 100);
  expect(broken?.seed).toBe(played);
  expect(counts.steps).toBe(20 * played);
  expect(broken && (await shorten(sequences, broken)).steps).toEqual([3, 7]);
});
