import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import { RateCurve } from './rate-curve.ts';
import type { TrafficPlan } from './traffic-plan.ts';

/** Each stretch has a random stream of its own, so that any part can be drawn without the rest. */
const BLOCK_MS = 1000;

/**
 * Poisson packet counts per step, drawn from a plan. The count of a step depends on the plan, its
 * seed and the length of the step alone: a part of a trace equals the same part of the whole.
 * Steps beyond the plan's end are zero.
 * @param part `stepMs` divides 1,000; `fromMs` is a multiple of it
 */
export function arrivals(
  plan: TrafficPlan,
  part: { fromMs: number; stepMs: number; count: number },
): Uint32Array {
  const { fromMs, stepMs, count } = part;
  assert(BLOCK_MS % stepMs === 0, `a step of ${stepMs} ms does not divide ${BLOCK_MS} ms`);
  assert(fromMs % stepMs === 0, `a start of ${fromMs} ms is no multiple of ${stepMs} ms`);
  const curve = new RateCurve(plan.rate);
  const root = new SeededRandom(plan.seed).fork(`arrivals ${plan.kind} ${stepMs}`);
  const counts = new Uint32Array(count);
  const perBlock = BLOCK_MS / stepMs;
  const first = fromMs / stepMs;
  let step = Math.floor(first / perBlock) * perBlock;
  let random = root;
  for (; step < first + count; step++) {
    if (step % perBlock === 0) random = root.fork(step / perBlock);
    const mean = curve.packets({ fromMs: step * stepMs, toMs: (step + 1) * stepMs });
    const packets = random.poisson(mean);
    if (step >= first) counts[step - first] = packets;
  }
  return counts;
}
