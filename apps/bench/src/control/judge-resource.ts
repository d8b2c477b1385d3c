import type { ResourceType } from '@levitate/control';
import type { WeightedCosts } from '@levitate/queueing';
import { resourceFigures } from './resource-stands.ts';
import { doubleDecayOfTheBar, rivalGrids } from './rival-policies.ts';
import { meanOf, type RaceLengths, type RaceResult, raceSizes } from './static-race.ts';
import type { RunTrials } from './trial-crew.ts';
import type { TrialPlan } from './trial-plan.ts';
import type { PolicySpec, RivalLaw, RunOutcome, TrialRef, TrialVariant } from './trial-runs.ts';

/** What is judged, and by how many trials. */
export interface JudgeOptions {
  resource: ResourceType;
  variant?: TrialVariant | undefined;
  kinds: readonly string[];
  plan: TrialPlan;
  peakNeedBytes?: number | undefined;
  run: RunTrials;
  progress: (line: string) => void;
}

/** A scored trial: outcomes by policy. */
export interface ScoredTrial {
  kind: string;
  block: string;
  outcomes: Map<PolicyName, RunOutcome>;
}

/** Policies by the names of the report. */
export type PolicyName =
  | 'ours'
  | 'static_tuned'
  | 'static_tuned_alt1'
  | 'static_tuned_alt2'
  | 'double_decay'
  | 'static_default'
  | 'double_decay_tuned'
  | 'pid_tuned'
  | 'aimd_tuned'
  | 'gradient2_tuned'
  | 'oracle'
  | 'round_robin';

/** What a resource came to. */
export interface Judgement {
  trials: ScoredTrial[];
  /** By kind. */
  tuned: Record<string, RaceResult>;
  rivals: Partial<Record<RivalLaw, Readonly<Record<string, number>>>>;
  oracleShare: number | undefined;
  /** Mean cost of the best static on the scored trials themselves, by kind. */
  hindsight: Record<string, number>;
  /** Mean over trials of the cost of each trial's own best static, by kind. */
  own: Record<string, number>;
}

const oracleShares = [0.8, 0.9, 1, 1.1, 1.25];
const rivalLaws = ['double-decay', 'pid', 'aimd', 'gradient2'] as const;

/** Tune on training trials, run the scored ones: everything that is said of one resource. */
export async function judgeResource(options: JudgeOptions): Promise<Judgement> {
  const { kinds, plan, progress, resource, variant } = options;
  const name = variant === undefined ? resource : `${resource} ${variant}`;
  const tuned: Record<string, RaceResult> = {};
  for (const kind of kinds) {
    progress(`${name} ${kind}: tuning the static size`);
    tuned[kind] = await race(options, { kind, part: 'training', lengths: plan.tuning });
  }
  const startOf = (kind: string) => (tuned[kind] as RaceResult).best.standard;
  if (plan.rivals > 0) progress(`${name}: tuning the rivals`);
  const { rivals, oracleShare } = await tuneRivals(options, startOf);
  progress(`${name}: scoring`);
  const trials: ScoredTrial[] = [];
  for (const kind of kinds) {
    const own = tuned[kind] as RaceResult;
    trials.push(...(await score(options, { kind, tuned: own, rivals, oracleShare })));
  }
  const hindsight: Record<string, number> = {};
  const own: Record<string, number> = {};
  for (const kind of plan.hindsight.final > 0 ? kinds : []) {
    progress(`${name} ${kind}: hindsight`);
    const best = await race(options, { kind, part: 'test', lengths: plan.hindsight });
    hindsight[kind] = best.meanCost.standard;
    own[kind] = await ownStatic(options, kind);
  }
  return { trials, tuned, rivals, oracleShare, hindsight, own };
}

function refOf(options: JudgeOptions, at: Pick<TrialRef, 'kind' | 'part' | 'index'>): TrialRef {
  const { resource, variant, peakNeedBytes } = options;
  return { resource, variant, peakNeedBytes, ...at };
}

function race(
  options: JudgeOptions,
  at: { kind: string; part: TrialRef['part']; lengths: RaceLengths },
): Promise<RaceResult> {
  const { kind, part, lengths } = at;
  return raceSizes({
    sizes: resourceFigures[options.resource].grid,
    lengths,
    run: (sizes, { from, to }) => sizeCosts(options, { kind, part, sizes, from, to }),
  });
}

/** By size, then by trial. */
async function sizeCosts(
  options: JudgeOptions,
  at: { kind: string; part: TrialRef['part']; sizes: readonly number[]; from: number; to: number },
): Promise<WeightedCosts[][]> {
  const { kind, part, sizes, from, to } = at;
  const policies = sizes.map((size): PolicySpec => ({ kind: 'static', size }));
  const replies = await options.run(
    Array.from({ length: to - from }, (_, index) => ({
      trial: refOf(options, { kind, part, index: from + index }),
      policies,
    })),
  );
  return sizes.map((_, size) =>
    replies.map(({ outcomes }) => (outcomes[size] as RunOutcome).costs),
  );
}

/** The least over all sizes, trial by trial. */
async function ownStatic(options: JudgeOptions, kind: string): Promise<number> {
  const sizes = resourceFigures[options.resource].grid;
  const to = options.plan.own;
  const rows = await sizeCosts(options, { kind, part: 'test', sizes, from: 0, to });
  const least = Array.from({ length: to }, (_, trial) =>
    Math.min(...rows.map((row) => (row[trial] as WeightedCosts).standard)),
  );
  return least.reduce((sum, one) => sum + one, 0) / to;
}

/** One setting for all kinds, of the law and of the oracle. */
async function tuneRivals(
  options: JudgeOptions,
  startOf: (kind: string) => number,
): Promise<Pick<Judgement, 'rivals' | 'oracleShare'>> {
  const { plan, kinds } = options;
  if (plan.rivals === 0) return { rivals: {}, oracleShare: undefined };
  const settings = rivalLaws.flatMap((law) => rivalGrids[law].map((own) => ({ law, own })));
  const replies = await options.run(
    kinds.flatMap((kind) =>
      Array.from({ length: plan.rivals }, (_, index) => ({
        trial: refOf(options, { kind, part: 'training', index }),
        policies: [
          ...settings.map(
            ({ law, own }): PolicySpec => ({
              kind: 'law',
              law,
              options: own,
              start: startOf(kind),
            }),
          ),
          ...oracleShares.map(
            (share): PolicySpec => ({ kind: 'oracle', share, start: startOf(kind) }),
          ),
        ],
      })),
    ),
  );
  const costs = [...settings, ...oracleShares].map((_, at) =>
    meanOf(
      replies.map(({ outcomes }) => (outcomes[at] as RunOutcome).costs),
      'standard',
    ),
  );
  const rivals: Judgement['rivals'] = {};
  for (const law of rivalLaws) {
    const own = settings.map((setting, at) => ({ ...setting, cost: costs[at] as number }));
    const rows = own.filter((row) => row.law === law);
    rivals[law] = rows.reduce((best, row) => (row.cost < best.cost ? row : best)).own;
  }
  const shares = oracleShares.map((share, at) => ({
    share,
    cost: costs[settings.length + at] ?? 0,
  }));
  const oracleShare = shares.reduce((best, one) => (one.cost < best.cost ? one : best)).share;
  return { rivals, oracleShare };
}

async function score(
  options: JudgeOptions,
  at: Pick<Judgement, 'rivals' | 'oracleShare'> & { kind: string; tuned: RaceResult },
): Promise<ScoredTrial[]> {
  const { plan } = options;
  const { kind } = at;
  const judged = judgedPolicies(at.tuned);
  const stated = statedPolicies(options, at);
  const policiesOf = (index: number) => (index < plan.stated ? [...judged, ...stated] : judged);
  const replies = await options.run(
    Array.from({ length: plan.scored }, (_, index) => ({
      trial: refOf(options, { kind, part: 'test', index }),
      policies: policiesOf(index).map(([, spec]) => spec),
    })),
  );
  return replies.map(({ block, outcomes }, index) => ({
    kind,
    block,
    outcomes: new Map(
      policiesOf(index).map(([name], place) => [name, outcomes[place] as RunOutcome]),
    ),
  }));
}

type NamedPolicy = readonly [PolicyName, PolicySpec];

/** Those that the bars rest on. */
function judgedPolicies({ best }: RaceResult): NamedPolicy[] {
  const start = best.standard;
  return [
    ['ours', { kind: 'ours', start }],
    ['static_tuned', { kind: 'static', size: best.standard }],
    ['static_tuned_alt1', { kind: 'static', size: best.alt1 }],
    ['static_tuned_alt2', { kind: 'static', size: best.alt2 }],
    ['double_decay', { kind: 'law', law: 'double-decay', options: doubleDecayOfTheBar, start }],
  ];
}

/** Those that stand beside them. */
function statedPolicies(
  { resource }: JudgeOptions,
  at: Pick<Judgement, 'rivals' | 'oracleShare'> & { tuned: RaceResult },
): NamedPolicy[] {
  const start = at.tuned.best.standard;
  const policies: NamedPolicy[] = [
    ['static_default', { kind: 'static', size: resourceFigures[resource].staticDefault }],
  ];
  const names: Record<RivalLaw, PolicyName> = {
    'double-decay': 'double_decay_tuned',
    pid: 'pid_tuned',
    aimd: 'aimd_tuned',
    gradient2: 'gradient2_tuned',
  };
  for (const law of rivalLaws) {
    const options = at.rivals[law];
    if (options !== undefined) policies.push([names[law], { kind: 'law', law, options, start }]);
  }
  if (at.oracleShare !== undefined) {
    policies.push(['oracle', { kind: 'oracle', share: at.oracleShare, start }]);
  }
  if (resource === 'loadbalancer') {
    policies.push(['round_robin', { kind: 'static', size: start, balance: 'roundrobin' }]);
  }
  return policies;
}
