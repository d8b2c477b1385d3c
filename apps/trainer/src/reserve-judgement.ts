import {
  JUDGED_DELAYS_S,
  judgedParts,
  learnedPolicy,
  type RequestSeries,
  type ReserveModel,
  reactivePolicies,
  type TunedPolicy,
  tune,
  UNCOUNTED_SECONDS,
} from '@levitate/models';
import type { ReserveKind } from './reserve-training.ts';
import type { TrainingContext } from './training.ts';

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
    const training = judgedParts(parts.training);
    const validation = judgedParts(parts.validation);
    const test = judgedParts(parts.test);
    for (const delaySeconds of JUDGED_DELAYS_S) {
      await new Promise(setImmediate);
      input.context.signal.throwIfAborted();
      const reactive = tune(reactivePolicies, { traces: training, delaySeconds });
      const score = (traces: readonly RequestSeries[]) => ({
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
