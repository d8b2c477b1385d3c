import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { hindsightPolicies } from './hindsight-policies.ts';

const random = new SeededRandom('bound');
const demand = Float64Array.from({ length: 1200 }, (_, second) =>
  random.poisson(second % 200 < 100 ? 10 : 40),
);
const trace = { demand, startSecond: 0 };

it('the oracle is never behind what knows the rate alone, both at the reserve given', () => {
  for (const delaySeconds of [1, 5]) {
    const oracle = hindsightPolicies.oracle.run(trace, { delaySeconds });
    const rateKnown = hindsightPolicies.rateKnown.run(trace, { delaySeconds });
    expect(oracle?.reserveShare).toBeCloseTo(1.2, 3);
    expect(rateKnown?.reserveShare).toBeCloseTo(1.2, 3);
    if (delaySeconds === 1) expect(oracle?.rejected).toBeLessThan(0.1 * (rateKnown?.rejected ?? 0));
  }
});

it('what knows the rate cannot know the chance of a second', () => {
  expect(hindsightPolicies.rateKnown.run(trace, { delaySeconds: 1 })?.rejected).toBeGreaterThan(
    200,
  );
});
