import type { BenchFigures } from '../bench.ts';
import { SPLITS, type SplitName } from './kernel-split-conditions.ts';
import type { KernelSplitTotals } from './kernel-split-score.ts';
import type { SharedTotals } from './shared-memory-run.ts';

/** A ratio whose baseline dropped fewer packets than this says nothing. */
const DROPS_MIN = 100;

/** What each policy came to in real queues and, with the same packets, in simulated ones. */
export interface SplitTotals {
  real: ReadonlyMap<SplitName, KernelSplitTotals>;
  simulated: ReadonlyMap<SplitName, SharedTotals>;
}

const KINDS = [
  { kind: 'real', prefix: 't3_real', suffix: '' },
  { kind: 'simulated', prefix: 't3_simulated', suffix: '_same_traffic' },
] as const;

/** Every key of T3 on real queues. */
export const KERNEL_SPLIT_KEYS = KINDS.map(
  ({ prefix, suffix }) => `${prefix}_drops_vs_reactive_split${suffix}`,
);

/** The figures of T3 on real queues, and of the simulator beside them. Pure. */
export function kernelSplitFigures(
  totals: SplitTotals,
): Pick<BenchFigures, 'metrics' | 'baseline' | 'notMeasured'> {
  const metrics: Record<string, number> = {};
  const baseline: Record<string, number> = {};
  const notMeasured: Record<string, string> = {};
  for (const { kind, prefix, suffix } of KINDS) {
    const dropsOf = (name: SplitName) => totals[kind].get(name)?.drops ?? 0;
    const ours = dropsOf('predictive_split');
    const [reactive, even] = [dropsOf('reactive_split'), dropsOf('static_split')];
    const key = `${prefix}_drops_vs_reactive_split${suffix}`;
    if (reactive >= DROPS_MIN) metrics[key] = ours / reactive;
    else {
      notMeasured[key] = `the reactive split dropped ${reactive} packets, fewer than ${DROPS_MIN}`;
    }
    if (even >= DROPS_MIN) baseline[`${prefix}_drops_vs_static_split${suffix}`] = ours / even;
    for (const name of SPLITS) {
      const found = totals[kind].get(name);
      if (found)
        Object.assign(
          baseline,
          told(found, (what) => `${prefix}_${name}_${what}${suffix}`),
        );
    }
  }
  return { metrics, baseline, notMeasured };
}

function told(
  totals: SharedTotals & { heldMost?: number },
  key: (what: string) => string,
): Record<string, number> {
  return {
    [key('drops')]: totals.drops,
    [key('reserved')]: totals.reserved,
    [key('occupied')]: totals.occupied,
    [key('longest_delay_ms')]: totals.longestDelayMs,
    [key('changes_per_minute')]: totals.changesPerMinute,
    ...(totals.heldMost !== undefined && { [key('held_most')]: totals.heldMost }),
  };
}
