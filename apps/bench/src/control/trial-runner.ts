import {
  controlPeriodMs,
  costTermsOf,
  type Policy,
  type Reading,
  type ResourceTotals,
  runTrial,
  trialCosts,
} from '@levitate/queueing';
import {
  type ResourceFigures,
  resourceFigures,
  type TrialStand,
  withStand,
} from './resource-stands.ts';
import { lawPolicy, openRival } from './rival-policies.ts';
import { TrialDraw } from './trial-draw.ts';
import type { PolicySpec, RunOutcome, TrialRef, TrialReply, TrialRequest } from './trial-runs.ts';

/** Runs trials, one after the other. The same request gives the same reply in every thread. */
export class TrialRunner {
  readonly #draw: TrialDraw;

  constructor(options: { dataDirectory: string; seed: number }) {
    this.#draw = new TrialDraw(options);
  }

  run({ trial, policies }: TrialRequest): TrialReply {
    const figures = resourceFigures[trial.resource];
    return withStand(trial, {
      draw: this.#draw,
      use: (stand) => ({
        block: stand.block,
        outcomes: outcomesOf(policies, (spec) => runSpec(stand, { spec, figures })),
      }),
    });
  }

  /** What each period needs at the largest size, without what was rejected. */
  needs(trial: TrialRef): Float64Array {
    const { sizeMax } = resourceFigures[trial.resource];
    return withStand(trial, { draw: this.#draw, use: (stand) => needsOf(stand, sizeMax) });
  }

  /** Size in force and need of each period under a policy. */
  trace(trial: TrialRef, spec: PolicySpec): { need: number[]; size: number[] } {
    const figures = resourceFigures[trial.resource];
    const seen = { need: [] as number[], size: [] as number[] };
    withStand(trial, {
      draw: this.#draw,
      use: (stand) =>
        runSpec(stand, {
          spec,
          figures,
          watch: ({ need, size }) => {
            seen.need.push(need);
            seen.size.push(size);
          },
        }),
    });
    return seen;
  }

  /** Everything that ours would be told in a trial, and a policy that is to be told it. */
  replay(trial: TrialRef): { start: number; readings: Reading[]; open: () => Policy<unknown> } {
    const { staticDefault: start } = resourceFigures[trial.resource];
    const readings: Reading[] = [];
    const open = withStand(trial, {
      draw: this.#draw,
      use: (stand) => {
        const policy = stand.ours(start);
        runWith(stand, {
          size: start,
          isStatic: false,
          policy: (reading) => {
            readings.push(reading);
            return policy(reading);
          },
        });
        return () => stand.ours(start) as unknown as Policy<unknown>;
      },
    });
    return { start, readings, open };
  }
}

/** Policies that are the same run once: often one size is tuned for several weightings. */
function outcomesOf(
  policies: readonly PolicySpec[],
  run: (spec: PolicySpec) => ResourceTotals,
): RunOutcome[] {
  const known = new Map<string, RunOutcome>();
  return policies.map((spec) => {
    const name = JSON.stringify(spec);
    const before = known.get(name);
    if (before !== undefined) return before;
    const totals = run(spec);
    const outcome = { costs: trialCosts(totals), terms: costTermsOf(totals) };
    known.set(name, outcome);
    return outcome;
  });
}

function runSpec<Control, Arrivals, R extends Reading>(
  stand: TrialStand<Control, Arrivals, R>,
  run: { spec: PolicySpec; figures: ResourceFigures; watch?: (reading: R) => void },
): ResourceTotals {
  const { spec, figures, watch } = run;
  const policy = policyOf(stand, { spec, figures });
  return runWith(stand, {
    size: spec.kind === 'static' ? spec.size : spec.start,
    isStatic: spec.kind === 'static',
    balance: spec.kind === 'static' ? spec.balance : undefined,
    policy:
      watch === undefined
        ? policy
        : (reading) => {
            watch(reading);
            return policy(reading);
          },
  });
}

function policyOf<Control, Arrivals, R extends Reading>(
  stand: TrialStand<Control, Arrivals, R>,
  { spec, figures }: { spec: PolicySpec; figures: ResourceFigures },
): Policy<Control, R> {
  switch (spec.kind) {
    case 'static':
      return () => undefined;
    case 'ours':
      return stand.ours(spec.start);
    case 'law': {
      const { sizeMin: min, sizeMax: max, isWhole } = figures;
      const law = openRival(spec.law, spec.options);
      const sizes = lawPolicy<R>({
        law,
        min,
        max,
        isWhole,
        start: spec.start,
        see: stand.see(spec.law),
      });
      return (reading) => {
        const size = sizes(reading);
        return size === undefined ? undefined : stand.controlOf(size);
      };
    }
    case 'oracle':
      return stand.oracle({ needs: needsOf(stand, figures.sizeMax), share: spec.share });
  }
}

function runWith<Control, Arrivals, R extends Reading>(
  stand: TrialStand<Control, Arrivals, R>,
  run: {
    size: number;
    isStatic: boolean;
    balance?: 'roundrobin' | undefined;
    policy: Policy<Control, R>;
  },
): ResourceTotals {
  const { policy, ...open } = run;
  const { arrivals, length } = stand;
  return runTrial({ resource: stand.open(open), arrivals, policy, ...length });
}

function needsOf<Control, Arrivals, R extends Reading>(
  stand: TrialStand<Control, Arrivals, R>,
  size: number,
): Float64Array {
  const { uncountedSeconds, countedSeconds } = stand.length;
  const periods = ((uncountedSeconds + countedSeconds) * 1000) / controlPeriodMs;
  const needs = new Float64Array(periods);
  let period = 0;
  runWith(stand, {
    size,
    isStatic: false,
    policy: ({ need, dropped }) => {
      needs[period++] = need - dropped;
      return undefined;
    },
  });
  return needs;
}
