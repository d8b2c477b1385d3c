import type { BenchFigures } from '../bench.ts';
import { POLICIES, type PolicyName } from './shared-memory-policies.ts';
import type { SharedTotals } from './shared-memory-run.ts';

/** A ratio whose baseline dropped fewer packets than this says nothing. */
const DROPS_MIN = 100;

/** Whose forecasts, and what is put behind the keys of their figures. */
const WAYS = [
  { policy: 'predictive_split', suffix: '' },
  { policy: 'statistical_split', suffix: '_statistical' },
  { policy: 'perfect_split', suffix: '_perfect' },
] as const;

/** One trace under every policy that was run on it. */
export type SharedOutcome = Partial<Record<PolicyName, SharedTotals>>;

/** The figures of one size of memory. Pure. @param prefix of the keys: `t3` for the bars' size */
export function sharedMemoryFigures(
  outcomes: readonly SharedOutcome[],
  { prefix }: { prefix: string },
): Pick<BenchFigures, 'metrics' | 'baseline' | 'notMeasured'> {
  const metrics: Record<string, number> = {};
  const notMeasured: Record<string, string> = {};
  const state = (key: string, share: { part: number; whole: number }, what: string) => {
    if (share.whole >= DROPS_MIN) metrics[key] = share.part / share.whole;
    else notMeasured[key] = `${what} ${share.whole} packets, fewer than ${DROPS_MIN}`;
  };
  for (const { policy, suffix } of WAYS) {
    // A policy that was not run on all traces is set against the others on its own.
    const own = outcomes.filter((outcome) => outcome[policy]);
    if (own.length === 0) {
      for (const key of ['drops_vs_reactive_split', 'gap_closed']) {
        notMeasured[`${prefix}_${key}${suffix}`] = 'not played in this run';
      }
      continue;
    }
    const dropsOf = (name: PolicyName) => sum(own, (outcome) => outcome[name]?.drops ?? 0);
    const thresholds = dropsOf('dynamic_thresholds');
    state(
      `${prefix}_drops_vs_reactive_split${suffix}`,
      { part: dropsOf(policy), whole: dropsOf('reactive_split') },
      'the reactive split dropped',
    );
    state(
      `${prefix}_gap_closed${suffix}`,
      { part: thresholds - dropsOf(policy), whole: thresholds - dropsOf('lqd') },
      'Dynamic Thresholds and push-out are apart by',
    );
  }
  return { metrics, notMeasured, baseline: absolutes(outcomes, prefix) };
}

/** What stands behind the ratios, by policy; and the trace on which ours does worst. */
function absolutes(outcomes: readonly SharedOutcome[], prefix: string): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const policy of POLICIES) {
    const totals = outcomes.flatMap((outcome) => outcome[policy] ?? []);
    if (totals.length === 0) continue;
    const key = `${prefix}_${policy}`;
    figures[`${key}_drops`] = sum(totals, ({ drops }) => drops);
    figures[`${key}_drops_worst_seed`] = most(totals, ({ drops }) => drops);
    figures[`${key}_occupied`] = sum(totals, ({ occupied }) => occupied) / totals.length;
    figures[`${key}_longest_delay_ms`] = most(totals, ({ longestDelayMs }) => longestDelayMs);
    if (!policy.endsWith('_split')) continue;
    figures[`${key}_reserved`] = sum(totals, ({ reserved }) => reserved) / totals.length;
    const changes = sum(totals, ({ changesPerMinute }) => changesPerMinute);
    figures[`${key}_changes_per_minute`] = changes / totals.length;
  }
  const [ours = 0, even = 0] = (['predictive_split', 'static_split'] as const).map((policy) =>
    sum(outcomes, (outcome) => outcome[policy]?.drops ?? 0),
  );
  // The reactive law asks for more than there is, and can lose to an even split.
  if (even >= DROPS_MIN) figures[`${prefix}_drops_vs_static_split`] = ours / even;
  figures[`${prefix}_drops_vs_reactive_split_worst_seed`] = most(outcomes, (outcome) => {
    const ours = outcome.predictive_split?.drops ?? 0;
    const theirs = outcome.reactive_split?.drops ?? 0;
    return theirs < DROPS_MIN ? 0 : ours / theirs;
  });
  return figures;
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

function most<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((high, item) => Math.max(high, pick(item)), 0);
}
