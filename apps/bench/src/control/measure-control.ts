import { type ResourceType, resourceDefaults, resourceTypes } from '@levitate/control';
import { requestFiles } from '@levitate/models';
import { managedHeapBench } from '@levitate/queueing';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { joinFigures } from '../report.ts';
import { resourceReport, variantReport } from './control-figures.ts';
import { type ExampleTrial, type GainBar, writeControlPicture } from './control-picture.ts';
import { type Judgement, judgeResource } from './judge-resource.ts';
import { overheadShares } from './overhead-share.ts';
import { measureRealRuns } from './real/runs.ts';
import { noSystems, realGroups, realSystems } from './real/systems.ts';
import { TrialCrew } from './trial-crew.ts';
import { hasPacketFiles } from './trial-data.ts';
import { fullPlan, quickPlan, type TrialPlan, timesPlan } from './trial-plan.ts';
import { TrialRunner } from './trial-runner.ts';
import type { TrialRef, TrialVariant } from './trial-runs.ts';

/** Least relative saving that passes. */
export const gainBars: Readonly<Record<ResourceType, number>> = {
  buffer: 0.1,
  threadpool: 0.1,
  memory: 0.3,
  connectionpool: 0.1,
  loadbalancer: 0.2,
};

const scoredKinds = ['requests-1s-twitter', 'requests-1s-autothrottle'] as const;
const azure = 'requests-arrivals-azure-llm';
const bufferKind = 'link-capacity-1ms';

/** Other conditions that are stated, by resource. */
const variantsOf: Readonly<Record<ResourceType, readonly TrialVariant[]>> = {
  buffer: ['load-0.2', 'load-0.4'],
  threadpool: ['azure'],
  memory: ['azure', 'uncommit-300s'],
  connectionpool: ['azure', 'open-5s', 'slow-database'],
  loadbalancer: ['azure'],
};

/** Everything the control bench measures. */
export async function measureControl(
  context: BenchContext,
): Promise<BenchFigures & { pictures: string[] }> {
  const { dataDirectory, seed, signal, quick, progress } = context;
  await using crew = new TrialCrew({ dataDirectory, seed }, { signal });
  const runner = new TrialRunner({ dataDirectory, seed });
  const plan = quick ? quickPlan : fullPlan;
  const present = scoredKinds.filter((kind) => requestFiles(dataDirectory, kind).length > 1);
  const kindsOf = (resource: ResourceType) =>
    resource === 'buffer' ? (hasPacketFiles(dataDirectory) ? [bufferKind] : []) : present;
  const parts: BenchFigures[] = [];
  const gains: GainBar[] = [];
  const peakNeeds = new Map<ResourceType, number>();
  const tunedSizes = new Map<ResourceType, Map<string, number>>();
  let example: ExampleTrial | undefined;
  for (const resource of resourceTypes) {
    const kinds = kindsOf(resource);
    if (kinds.length === 0) {
      parts.push(withoutFiles(resource));
      continue;
    }
    const peakNeedBytes =
      resource === 'memory' ? peakNeed(runner, { kinds, trials: peakTrials(plan) }) : undefined;
    const options = { resource, peakNeedBytes, run: crew.run, progress };
    const own = timesPlan(plan, scoredKinds.length / kinds.length);
    const judged = await judgeResource({ ...options, kinds, plan: own });
    const tuned = Object.entries(judged.tuned);
    tunedSizes.set(resource, new Map(tuned.map(([kind, { best }]) => [kind, best.standard])));
    const { gain, ...report } = resourceReport(resource, { judged, seed });
    parts.push(report);
    gains.push({ ...gain, resource, bar: gainBars[resource] });
    progress(`${resource}: gain ${gain.gain.toFixed(3)} (${gain.low.toFixed(3)} at least)`);
    if (resource === 'threadpool') example = exampleOf(runner, { resource, kinds, judged });
    if (peakNeedBytes !== undefined) {
      peakNeeds.set(resource, peakNeedBytes);
      parts.push({ ...nothing(), baseline: { memory_peak_need_bytes: peakNeedBytes } });
    }
  }
  // Last, so that what the bars rest on is known first.
  for (const resource of plan.variant > 0 ? resourceTypes : []) {
    for (const variant of variantsOf[resource]) {
      const kinds = variant === 'azure' ? azureKinds(dataDirectory) : kindsOf(resource);
      if (kinds.length === 0) continue;
      const own = variantPlan(plan);
      const options = { resource, variant, kinds, peakNeedBytes: peakNeeds.get(resource) };
      const judged = await judgeResource({ ...options, plan: own, run: crew.run, progress });
      const report = variantReport({ judged, seed });
      parts.push({ ...nothing(), baseline: { [`${resource}_${variant}`]: report } });
    }
  }
  const overhead = overheadShares(runner, (resource) => kindsOf(resource)[0]);
  parts.push({
    ...nothing(),
    metrics: { overhead_share: overhead.worst },
    baseline: { overhead_share_by_resource: overhead.byResource },
    environment: { control: conditions({ plan, present, threads: crew.threads }) },
  });
  const systems = quick ? noSystems : realSystems({ context, kindsOf, tunedSizes });
  parts.push(await measureRealRuns({ systems, groups: realGroups, signal, progress }));
  const pictures = writeControlPicture({ gains, example }, context);
  return { ...joinFigures(parts), pictures };
}

function nothing(): BenchFigures {
  return { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
}

function withoutFiles(resource: ResourceType): BenchFigures {
  const folder = resource === 'buffer' ? bufferKind : scoredKinds.join(' or ');
  const reason = `no trace files of ${folder} in the data folder: pass --data`;
  const names = ['gain_vs_tuned', 'gain_low', 'gain_vs_double_decay'];
  const keys = names.map((name) => [`${resource}_${name}`, reason]);
  return { ...nothing(), notMeasured: Object.fromEntries(keys) };
}

function azureKinds(dataDirectory: string): string[] {
  return requestFiles(dataDirectory, azure).length > 0 ? [azure] : [];
}

/** Nothing is judged on these: fewer trials, no rivals, no hindsight. */
function variantPlan(plan: TrialPlan): TrialPlan {
  return {
    ...plan,
    tuning: plan.variantTuning,
    rivals: 0,
    scored: plan.variant,
    stated: 0,
    hindsight: { look: 0, heats: [], final: 0 },
  };
}

/** Training trials that tell what a heap needs at most. */
function peakTrials({ tuning }: TrialPlan): number {
  return tuning.heats[0] ?? tuning.look;
}

/** What the heaps of training trials need at most, where nothing is short. */
function peakNeed(
  runner: TrialRunner,
  { kinds, trials }: { kinds: readonly string[]; trials: number },
): number {
  let most = 0;
  for (const kind of kinds) {
    for (let index = 0; index < trials; index++) {
      const trial: TrialRef = { resource: 'memory', kind, part: 'training', index };
      for (const need of runner.needs(trial)) most = Math.max(most, need);
    }
  }
  return Math.min(most, managedHeapBench.sizeMax);
}

/** The first scored trial, by the second. */
function exampleOf(
  runner: TrialRunner,
  at: { resource: ResourceType; kinds: readonly string[]; judged: Judgement },
): ExampleTrial | undefined {
  const [kind] = at.kinds;
  const size = kind === undefined ? undefined : at.judged.tuned[kind]?.best.standard;
  if (kind === undefined || size === undefined) return undefined;
  const trial: TrialRef = { resource: at.resource, kind, part: 'test', index: 0 };
  const { need, size: ours } = runner.trace(trial, { kind: 'ours', start: size });
  const perSecond = 10;
  const seconds = (values: readonly number[]) =>
    Array.from({ length: Math.floor(values.length / perSecond) }, (_, second) =>
      Math.max(...values.slice(second * perSecond, (second + 1) * perSecond)),
    );
  const title = `A ${at.resource} under ${kind}: what it needed, and what it had`;
  const tuned = seconds(need).map(() => size);
  return { title, everyS: 1, need: seconds(need), ours: seconds(ours), tuned };
}

function conditions(run: { plan: TrialPlan; present: readonly string[]; threads: number }) {
  const { plan, present, threads } = run;
  return {
    kinds: present,
    threads,
    settings: resourceDefaults,
    trials_per_kind: plan.scored,
    trials_tuned_per_kind: plan.tuning.final,
    trials_per_kind_of_stated_policies: plan.stated,
    trials_per_kind_of_hindsight: plan.hindsight.final,
    trials_per_kind_of_own_static: plan.own,
    static_race:
      `all sizes on ${plan.tuning.look} trials, those within half as much again on ` +
      `${plan.tuning.heats.join(' and ')}, those within 3 standard errors on ${plan.tuning.final}`,
    training: 'two thirds of the files of a kind, every other one of link capacity',
    start: 'every policy that moves starts at the tuned static size',
  };
}
