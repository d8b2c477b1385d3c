import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DelayTally } from './delay-tally.ts';

const runs = fc.array(fc.record({ firstAhead: fc.nat(40), count: fc.nat(20) }), { minLength: 1 });
const rates = fc.constantFrom([0.001], [0.001, 0.0025]);

/** All delays one by one, sorted. */
function delaysOf(all: { firstAhead: number; count: number; secondsPerPacket: number }[]) {
  const delays = all.flatMap(({ firstAhead, count, secondsPerPacket }) =>
    Array.from({ length: count }, (_, index) => (firstAhead + index + 1) * secondsPerPacket),
  );
  return delays.toSorted((a, b) => a - b);
}

it('gives the quantiles of the delays one by one, at one rate and at several', () => {
  fc.assert(
    fc.property(runs, rates, fc.double({ min: 0, max: 1, noNaN: true }), (train, each, q) => {
      const all = train.map((run, index) => ({
        ...run,
        secondsPerPacket: each[index % each.length] as number,
      }));
      const tally = new DelayTally();
      for (const run of all) tally.add(run);
      // Asked before the last one came: nothing that was counted for it may stay.
      tally.quantile(q);
      tally.add({ firstAhead: 3, count: 2, secondsPerPacket: 0.001 });
      const delays = delaysOf([...all, { firstAhead: 3, count: 2, secondsPerPacket: 0.001 }]);
      const rank = Math.max(1, Math.ceil(q * delays.length));
      expect(tally.quantile(q)).toBeCloseTo(delays[rank - 1] as number, 5);
    }),
  );
});

it('knows no delay where nothing came', () => {
  expect(new DelayTally().quantile(0.5)).toBeUndefined();
});
