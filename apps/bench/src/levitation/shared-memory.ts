import type { BenchFigures } from '../bench.ts';
import { openServed } from '../open-served.ts';
import { type SharedOutcome, sharedMemoryFigures } from './shared-memory-figures.ts';
import { ALPHA_TUNED, newPolicy, POLICIES, type PolicyName } from './shared-memory-policies.ts';
import { runShared } from './shared-memory-run.ts';
import {
  countedBursts,
  MEMORY_SHARE,
  memoryOf,
  QUEUES,
  sharedTrace,
} from './shared-memory-trace.ts';

/** What a quick look has time for. */
const QUICK_POLICIES: readonly PolicyName[] = [
  'reactive_split',
  'predictive_split',
  'statistical_split',
  'dynamic_thresholds',
  'lqd',
];
/** Two queues' worth, stated beside it on a few of the traces, under the policies named. */
const ROOMY_SHARE = 0.25;
const ROOMY_TRACES = 3;
/** Forecasts that are right are played on so many traces: a bound need not be told finely. */
const PERFECT_TRACES = 6;
const ROOMY_POLICIES: readonly PolicyName[] = [
  'static_split',
  'reactive_split',
  'predictive_split',
  'dynamic_thresholds',
  'lqd',
];

/** The slowest train has its fifth burst after 160 s at the latest. */
const DURATION_MS = 180_000;

/**
 * Track T3: eight output queues that share one packet memory, in simulation. Every policy meets the
 * same packets. What a switch could do by itself (Dynamic Thresholds, push-out LQD) stands beside
 * what can be done with limits, which is all that separate queues of a host have: a static split,
 * the reactive law's, and ours with forecasts of the service, the statistical and perfect ones.
 */
export async function measureSharedMemory(options: {
  seed: number;
  quick: boolean;
  progress: (text: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<BenchFigures> {
  const { seed, quick, progress, signal } = options;
  const traces = quick ? 1 : 20;
  const { newForecaster, newStatistical, environment } = await openServed();
  const scarce: SharedOutcome[] = [];
  const roomy: SharedOutcome[] = [];
  let bursts = 0;
  for (let index = 0; index < traces; index++) {
    progress(`T3 ${index + 1}/${traces}`);
    const trace = sharedTrace({ seed: `${seed}-t3-${index}`, durationMs: DURATION_MS });
    bursts += countedBursts(trace);
    const run = async (share: number, policies: readonly PolicyName[]) => {
      const outcome: SharedOutcome = {};
      const memoryBytes = memoryOf(trace, share);
      for (const name of policies) {
        const policy = newPolicy(name, { trace, memoryBytes, newForecaster, newStatistical });
        outcome[name] = runShared(trace, { policy, memoryBytes });
        await new Promise(setImmediate);
        signal?.throwIfAborted();
      }
      return outcome;
    };
    scarce.push(await run(MEMORY_SHARE, quick ? QUICK_POLICIES : policiesOf(index)));
    if (!quick && index < ROOMY_TRACES) roomy.push(await run(ROOMY_SHARE, ROOMY_POLICIES));
  }
  const figures = sharedMemoryFigures(scarce, { prefix: 't3' });
  const beside = quick ? {} : besideFigures(roomy);
  return {
    ...figures,
    baseline: { ...figures.baseline, ...beside },
    environment: {
      t3_queues: QUEUES,
      t3_traces: traces,
      t3_traces_perfect: quick ? 0 : PERFECT_TRACES,
      t3_counted_bursts: bursts,
      t3_memory: `${MEMORY_SHARE} of what the latency budgets of all queues hold`,
      t3_alpha_tuned: ALPHA_TUNED,
      t3_model: environment.model,
      t3_kernel: 'simulated queues, 1 ms steps',
    },
  };
}

/** All of them, but perfect forecasts on the first traces only. */
function policiesOf(trace: number): readonly PolicyName[] {
  return POLICIES.filter((name) => trace < PERFECT_TRACES || name !== 'perfect_split');
}

/** The same with more memory, for `baseline`: ratios where they can be told. */
function besideFigures(outcomes: readonly SharedOutcome[]): Record<string, unknown> {
  const { metrics, baseline } = sharedMemoryFigures(outcomes, { prefix: 't3_roomy' });
  return { t3_roomy_memory_share: ROOMY_SHARE, ...metrics, ...baseline };
}
