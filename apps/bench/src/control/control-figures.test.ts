import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { gainOf, policyTable, resourceReport } from './control-figures.ts';
import type { Judgement, PolicyName, ScoredTrial } from './judge-resource.ts';
import type { RunOutcome } from './trial-runs.ts';

function outcome(standard: number): RunOutcome {
  const terms = { rejectedShare: 0, p99OverBudget: 0, reservedOverPeak: standard };
  return {
    costs: { standard, alt1: standard, alt2: 3 * standard },
    terms: { ...terms, changesPerMinute: 1 },
  };
}

/** Ours saves `gain` of whatever the trial costs. */
function trialsOf(gain: number): ScoredTrial[] {
  const random = new SeededRandom(1);
  return Array.from({ length: 60 }, (_, index) => {
    const cost = random.uniform(0.5, 1.5);
    const own: [PolicyName, RunOutcome][] = [
      ['ours', outcome((1 - gain) * cost)],
      ['static_tuned', outcome(cost)],
      ['static_tuned_alt1', outcome(cost)],
      ['static_tuned_alt2', outcome(cost)],
      ['double_decay', outcome(2 * cost)],
    ];
    if (index < 10) own.push(['oracle', outcome(cost / 2)]);
    return { kind: index % 2 === 0 ? 'a' : 'b', block: `${index >> 2}`, outcomes: new Map(own) };
  });
}

function judgementOf(trials: ScoredTrial[]): Judgement {
  return { trials, tuned: {}, rivals: {}, oracleShare: 1, hindsight: {}, own: {} };
}

describe('resourceReport', () => {
  it('gives the gain, its lower end and those of the other weightings', () => {
    const judged = judgementOf(trialsOf(0.25));
    const { metrics, baseline } = resourceReport('threadpool', { judged, seed: 1 });
    expect(Object.keys(metrics)).toEqual([
      'threadpool_gain_vs_tuned',
      'threadpool_gain_low',
      'threadpool_gain_vs_tuned_alt1',
      'threadpool_gain_vs_tuned_alt2',
      'threadpool_gain_vs_double_decay',
    ]);
    expect(metrics.threadpool_gain_vs_tuned).toBeCloseTo(0.25, 9);
    expect(metrics.threadpool_gain_low).toBeCloseTo(0.25, 9);
    expect(metrics.threadpool_gain_vs_double_decay).toBeCloseTo(0.625, 9);
    expect(baseline.threadpool).toMatchObject({
      trials: 60,
      blocks: 30,
      sign_flips_with_the_weighting: false,
    });
  });

  it('says when another weighting turns the sign', () => {
    const trials = trialsOf(0.1).map((trial) => {
      const outcomes = new Map(trial.outcomes);
      outcomes.set('static_tuned_alt2', outcome(0));
      return { ...trial, outcomes };
    });
    const { baseline } = resourceReport('buffer', { judged: judgementOf(trials), seed: 1 });
    expect(baseline.buffer).toMatchObject({ sign_flips_with_the_weighting: true });
  });
});

it('policyTable compares a policy with ours on the trials that both ran in', () => {
  const { oracle, ours } = policyTable(trialsOf(0.2));
  expect(oracle?.trials).toBe(10);
  expect(ours?.trials).toBe(60);
  expect((oracle?.ours as number) / (oracle?.cost as number)).toBeCloseTo(1.6, 9);
});

it('gainOf repeats with its seed', () => {
  const trials = trialsOf(0.2);
  const against = { other: 'double_decay', weighting: 'standard', seed: 3 } as const;
  expect(gainOf(trials, against)).toEqual(gainOf(trials, against));
});
