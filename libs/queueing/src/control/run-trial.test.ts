import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { cost, costWeights } from '../cost.ts';
import { drawArrivals } from './arrival-stream.ts';
import { BoundedBuffer, bufferBench } from './bounded-buffer.ts';
import { oraclePolicy } from './oracle-policy.ts';
import type { PoolReading } from './pool.ts';
import { bufferTrialLength, costTermsOf, runTrial, trialCosts } from './run-trial.ts';
import { threadPool } from './thread-pool.ts';

const length = { uncountedSeconds: 20, countedSeconds: 60 };
/** Half of the peak, but for 10 s at nearly all of it in the counted part. */
const rates = Float64Array.from({ length: 80 }, (_, second) =>
  second >= 40 && second < 50 ? 950 : 400,
);
const arrivals = drawArrivals(rates, new SeededRandom(1));
const costOf = (size: number, policy: (reading: PoolReading) => number | undefined) =>
  trialCosts(runTrial({ resource: threadPool({ size }), arrivals, policy, ...length }));

describe('runTrial', () => {
  it('counts after the uncounted part, and asks before the next period', () => {
    const seen: PoolReading[] = [];
    const totals = runTrial({
      resource: threadPool({ size: 20 }),
      arrivals,
      policy: (reading) => {
        seen.push(reading);
        return seen.length % 100 === 0 ? 20 + seen.length / 100 : undefined;
      },
      ...length,
    });
    expect(seen.length).toBe(800);
    expect(seen[99]?.requested).toBe(20);
    expect(seen[100]?.requested).toBe(21);
    // 21 and 22 were asked for before; the last request comes after the last period.
    expect(totals).toMatchObject({ changes: 6, elapsedSeconds: 60 });
    expect(totals.arrived).toBe(arrivals.atMs.filter((at) => at >= 20_000).length);
    const pools = [22, 23, 24, 25, 26, 27].reduce((sum, size) => sum + size / 6 / 50, 0);
    expect(totals.reservedOverPeak).toBeCloseTo(pools, 1);
  });

  it('makes a cost of the terms in every weighting', () => {
    const totals = {
      arrived: 200,
      served: 190,
      rejected: 10,
      delayP99Seconds: 0.15,
      reservedOverPeak: 0.7,
      changes: 20,
      elapsedSeconds: 300,
    };
    const terms = costTermsOf(totals);
    expect(terms.rejectedShare).toBe(0.05);
    expect(terms.p99OverBudget).toBeCloseTo(1.5, 12);
    expect(terms).toMatchObject({ reservedOverPeak: 0.7, changesPerMinute: 4 });
    expect(trialCosts(totals).alt1).toBe(cost(terms, costWeights.alt1));
    expect(trialCosts(totals).standard).toBeCloseTo(5 + 5 + 0.7 + 0.04, 9);
  });

  it('asks nothing for the delay of a buffer, whose size bounds it', () => {
    const packets = new Uint32Array(80_000).fill(2);
    const { sizeMax: size } = bufferBench;
    const resource = new BoundedBuffer({ size });
    const totals = runTrial({
      resource,
      arrivals: packets,
      policy: () => undefined,
      ...bufferTrialLength,
    });
    expect(totals.arrived).toBe(120_000);
    expect(trialCosts(totals).standard).toBeCloseTo(1, 9);
  });

  it('lets an oracle that sees 15 s ahead beat every static size', () => {
    const needs: number[] = [];
    costOf(128, ({ need }) => {
      needs.push(need);
      return undefined;
    });
    const oracle = costOf(20, oraclePolicy({ needs, share: 0.8 })).standard;
    for (let size = 12; size <= 80; size += 4) {
      expect(oracle).toBeLessThan(costOf(size, () => undefined).standard);
    }
  });
});
