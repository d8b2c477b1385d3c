import { type LoadBalancerReading, loadBalancerBench, type Rotation } from './load-balancer.ts';
import { type OracleOptions, oraclePolicy } from './oracle-policy.ts';
import type { Policy } from './run-trial.ts';
import type { Slowdowns } from './slowdowns.ts';

/**
 * The balancer's oracle: for every decision the rotation that serves the largest demand of the next
 * 15 s at the speeds that its backends will not fall below in that time, healthy ones first, which
 * cost the least for what they do. @param options.needs requests/s of each period
 */
export function oracleRotations(
  options: OracleOptions & { slowdowns: readonly Slowdowns[] },
): Policy<Rotation, LoadBalancerReading> {
  const { slowdowns, aheadSeconds = 15 } = options;
  const sizes = oraclePolicy(options);
  return (reading) => {
    const capacity = sizes(reading);
    if (capacity === undefined) return undefined;
    const { nowMs } = reading;
    const toMs = nowMs + aheadSeconds * 1000;
    const speeds = slowdowns.map((own) => slowest(own, { fromMs: nowMs, toMs }));
    return rotationAtSpeeds(capacity, speeds);
  };
}

/** Least speed between two times, of 1. */
export function slowest(
  { fromMs, toMs, factor }: Slowdowns,
  between: { fromMs: number; toMs: number },
): number {
  let least = 1;
  for (let index = 0; index < fromMs.length; index++) {
    const isSeen =
      (fromMs[index] as number) < between.toMs && (toMs[index] as number) > between.fromMs;
    if (isSeen) least = Math.min(least, factor[index] as number);
  }
  return least;
}

/**
 * Backends that together have a capacity at these speeds, least slowed first and then the fastest,
 * at least one; weights by what each can do. @param speeds of each backend, of 1
 */
export function rotationAtSpeeds(capacity: number, speeds: readonly number[]): Rotation {
  const { ratesPerSecond } = loadBalancerBench;
  const weights = ratesPerSecond.map((rate, index) => rate * (speeds[index] as number));
  const order = ratesPerSecond
    .map((_, index) => index)
    .sort((one, other) => (speeds[other] as number) - (speeds[one] as number) || one - other);
  const isIn = ratesPerSecond.map(() => false);
  let sum = 0;
  for (const index of order) {
    if (sum > 0 && sum >= capacity) break;
    isIn[index] = true;
    sum += weights[index] as number;
  }
  return { isIn, weights };
}
