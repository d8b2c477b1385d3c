import {
  learnedPolicy,
  type RequestSeries,
  type ReserveModel,
  reactivePolicies,
  spreadParts,
  type TunedPolicy,
  tune,
  UNCOUNTED_SECONDS,
} from '@levitate/models';
import type { ReserveKind } from './reserve-training.ts';
import type { TrainingContext } from './training.ts';

/** Delays that policies are judged at, seconds: those of track T4. */
const DELAYS_S = [1, 5] as const;
/** Parts that policies are judged on, as in the bench. */
const PART_S = 10_800;
const PARTS = 4;
/** Where the learned policy and the reactive one stand in the manifest. */
export const LEARNED_RESERVE = 'learned';
export const REACTIVE_RESERVE = 'tuned reactive';

/** Requests rejected at equal reserve, of one kind of trace at one delay. */
export interface ReserveClass {
  /** As the manifest names it. */
  name: string;
  delaySeconds: number;
  winner: string;
  /** The reactive policy as it was tuned on the training part. */
  reactive: string;
  validation: Record<string, Record<string, number>>;
  test: Record<string, Record<string, number>>;
}

/**
 * Set the learned policy beside the tuned reactive one, both at 1.2 x the demand in reserve. A
 * class goes to the one with fewer rejects on validation; where there is no such part, to the
 * reactive one. The test part chooses nothing.
 */
export async function judgeReserve(input: {
  kinds: readonly ReserveKind[];
  model: ReserveModel;
  context: Pick<TrainingContext, 'signal'>;
}): Promise<ReserveClass[]> {
  const learned = learnedPolicy(input.model);
  const classes: ReserveClass[] = [];
  for (const { kind, parts } of input.kinds) {
    const [training, validation, test] = [parts.training, parts.validation, parts.test].map(shown);
    for (const delaySeconds of DELAYS_S) {
      await new Promise(setImmediate);
      input.context.signal.throwIfAborted();
      const reactive = tune(reactivePolicies, { traces: training ?? [], delaySeconds });
      const score = (traces: readonly RequestSeries[] = []) => ({
        [LEARNED_RESERVE]: rejectsOf(learned, { traces, delaySeconds }),
        [REACTIVE_RESERVE]: rejectsOf(reactive, { traces, delaySeconds }),
      });
      const judged = { validation: score(validation), test: score(test) };
      const ours = judged.validation[LEARNED_RESERVE]?.rejected ?? 0;
      const theirs = judged.validation[REACTIVE_RESERVE]?.rejected ?? 0;
      classes.push({
        name: `${kind}-delay-${delaySeconds}s`,
        delaySeconds,
        winner: ours < theirs ? LEARNED_RESERVE : REACTIVE_RESERVE,
        reactive: reactive.name,
        ...judged,
      });
    }
  }
  return classes;
}

/** Parts of three hours, at another time of day from file to file. */
function shown(series: readonly RequestSeries[]): RequestSeries[] {
  return series.flatMap((each, turn) => {
    const wanted = series.length > 1 ? 1 : Math.min(PARTS, Math.ceil(each.demand.length / PART_S));
    return spreadParts(each, { longest: PART_S, wanted, turn });
  });
}

function rejectsOf(
  policy: TunedPolicy,
  at: { traces: readonly RequestSeries[]; delaySeconds: number },
): { rejected: number; arrived: number } {
  const sums = { rejected: 0, arrived: 0 };
  for (const trace of at.traces) {
    const arrived = trace.demand.subarray(UNCOUNTED_SECONDS).reduce((sum, value) => sum + value, 0);
    sums.arrived += arrived;
    // A policy that cannot use the reserve it is given serves nobody.
    sums.rejected += policy.run(trace, at)?.rejected ?? arrived;
  }
  return sums;
}
