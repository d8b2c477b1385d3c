import { SeededRandom } from '@levitate/clock';
import type { ResourceType } from '@levitate/control';
import { blockBootstrap, type GainInterval, type PairedCost } from '@levitate/queueing';
import type { BenchFigures } from '../bench.ts';
import type { Judgement, PolicyName, ScoredTrial } from './judge-resource.ts';
import { resourceFigures } from './resource-stands.ts';
import { type Weighting, weightings } from './static-race.ts';
import type { RunOutcome } from './trial-runs.ts';

/** The tuned static of each weighting. */
const tunedOf: Record<Weighting, PolicyName> = {
  standard: 'static_tuned',
  alt1: 'static_tuned_alt1',
  alt2: 'static_tuned_alt2',
};

/** What ours saves against another policy, with its interval. */
export function gainOf(
  trials: readonly ScoredTrial[],
  against: { other: PolicyName; weighting: Weighting; seed: number },
): GainInterval {
  const { other, weighting, seed } = against;
  const costs: PairedCost[] = trials.map(({ kind, block, outcomes }) => ({
    kind,
    block,
    cost: costOf(outcomes.get('ours'), weighting),
    otherCost: costOf(outcomes.get(other), weighting),
  }));
  const random = new SeededRandom(seed).fork(`bootstrap/${other}/${weighting}`);
  return blockBootstrap({ costs, random });
}

function costOf(outcome: RunOutcome | undefined, weighting: Weighting): number {
  return outcome?.costs[weighting] ?? Number.NaN;
}

/** Figures of one resource under the conditions of the bars. */
export function resourceReport(
  resource: ResourceType,
  { judged, seed }: { judged: Judgement; seed: number },
): BenchFigures & { gain: GainInterval } {
  const { trials } = judged;
  const gains = weightings.map((weighting) =>
    gainOf(trials, { other: tunedOf[weighting], weighting, seed }),
  );
  const [gain, alt1, alt2] = gains as [GainInterval, GainInterval, GainInterval];
  const doubled = gainOf(trials, { other: 'double_decay', weighting: 'standard', seed });
  const flips = [alt1, alt2].some((other) => Math.sign(other.gain) !== Math.sign(gain.gain));
  return {
    gain,
    metrics: {
      [`${resource}_gain_vs_tuned`]: gain.gain,
      [`${resource}_gain_low`]: gain.low,
      [`${resource}_gain_vs_tuned_alt1`]: alt1.gain,
      [`${resource}_gain_vs_tuned_alt2`]: alt2.gain,
      [`${resource}_gain_vs_double_decay`]: doubled.gain,
    },
    baseline: {
      [resource]: {
        trials: trials.length,
        blocks: gain.blocks,
        gain_interval_99: [gain.low, gain.high],
        gain_by_kind: gain.gainByKind,
        worst_kind: gain.worstKind,
        sign_flips_with_the_weighting: flips,
        gain_vs_double_decay_interval_99: [doubled.low, doubled.high],
        ...tunings(judged),
        static_default: {
          size: resourceFigures[resource].staticDefault,
          is: resourceFigures[resource].defaultIs,
        },
        policies: policyTable(trials),
      },
    },
    environment: {},
    notMeasured: {},
  };
}

/** What was tuned, and what it would have been with hindsight. */
function tunings({ tuned, rivals, oracleShare, hindsight, own }: Judgement) {
  return {
    tuned_static: Object.fromEntries(
      Object.entries(tuned).map(([kind, { best, finalists }]) => [kind, { ...best, finalists }]),
    ),
    tuned_rivals: rivals,
    oracle_share: oracleShare,
    hindsight_static_cost: hindsight,
    own_static_cost: own,
  };
}

/** Of one policy on the trials that it ran in, beside ours on the same ones. */
export interface PolicyRow {
  trials: number;
  cost: number;
  ours: number;
  rejected_percent: number;
  p99_over_budget: number;
  reserved_over_peak: number;
  changes_per_minute: number;
}

/** Means of every policy. */
export function policyTable(trials: readonly ScoredTrial[]): Record<string, PolicyRow> {
  const names = new Set(trials.flatMap(({ outcomes }) => [...outcomes.keys()]));
  return Object.fromEntries(
    [...names].map((name) => {
      const pairs = trials.flatMap(({ outcomes }) => {
        const own = outcomes.get(name);
        const ours = outcomes.get('ours');
        return own === undefined || ours === undefined ? [] : [{ own, ours }];
      });
      const mean = (pick: (pair: { own: RunOutcome; ours: RunOutcome }) => number) =>
        pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
      const row: PolicyRow = {
        trials: pairs.length,
        cost: mean(({ own }) => own.costs.standard),
        ours: mean(({ ours }) => ours.costs.standard),
        rejected_percent: 100 * mean(({ own }) => own.terms.rejectedShare),
        p99_over_budget: mean(({ own }) => own.terms.p99OverBudget),
        reserved_over_peak: mean(({ own }) => own.terms.reservedOverPeak),
        changes_per_minute: mean(({ own }) => own.terms.changesPerMinute),
      };
      return [name, row];
    }),
  );
}

/** Another condition, stated only. */
export function variantReport({ judged, seed }: { judged: Judgement; seed: number }) {
  const { trials, tuned } = judged;
  const { gain, low, high, blocks, gainByKind } = gainOf(trials, {
    other: 'static_tuned',
    weighting: 'standard',
    seed,
  });
  const sizes = Object.entries(tuned).map(([kind, { best }]) => [kind, best.standard]);
  return {
    trials: trials.length,
    blocks,
    gain_vs_tuned: gain,
    gain_interval_99: [low, high],
    gain_by_kind: gainByKind,
    tuned_static: Object.fromEntries(sizes),
    policies: policyTable(trials),
  };
}
