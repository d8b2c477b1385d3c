import { describe, expect, it } from 'vitest';
import { RESERVE_PRICES, type ReserveModel } from './reserve-network.ts';
import { learnedPolicy, reactivePolicies, type TunedPolicy, tune } from './reserve-policies.ts';

const demand = Float64Array.from({ length: 900 }, (_, second) =>
  second % 97 < 6 ? 300 : 100 + (second % 5),
);
const trace = { demand, startSecond: 0 };

describe('tune', () => {
  const policy = (name: string, rejected: number, tight: number): TunedPolicy => ({
    name,
    run: (_, { share }) => ({ arrived: 1, reserveShare: 1, rejected: share ? tight : rejected }),
  });

  it('takes the policy with the fewest rejects, and among equals the one that bears less', () => {
    const policies = [policy('a', 5, 9), policy('b', 0, 8), policy('c', 0, 7), policy('d', 1, 0)];
    expect(tune(policies, { traces: [trace], delaySeconds: 1 }).name).toBe('c');
  });
});

describe('policies at equal reserve', () => {
  it('the reactive ones reserve what they are given', () => {
    for (const policy of reactivePolicies) {
      const result = policy.run(trace, { delaySeconds: 1 });
      if (result !== undefined) expect(result.reserveShare).toBeCloseTo(1.2, 1);
    }
  });

  it('the learned one uses the capacities of its model, dearer or cheaper as reserve asks', () => {
    let asked = 0;
    const model = {
      // Knows the demand of the next two seconds; the cheaper reserve is, the more of it.
      capacities: () => {
        asked += 1;
        return RESERVE_PRICES.map((price) =>
          demand.map((value, second) => (1.3 - price) * Math.max(value, demand[second + 1] ?? 0)),
        );
      },
    } as unknown as ReserveModel;
    const learned = learnedPolicy(model);
    const result = learned.run(trace, { delaySeconds: 1 });
    expect(result?.reserveShare).toBeCloseTo(1.2, 2);
    expect(result?.rejected).toBe(0);
    expect(learned.run(trace, { delaySeconds: 1, share: 0.5 })?.reserveShare).toBeCloseTo(0.5, 2);
    expect(asked).toBe(1);
  });
});
