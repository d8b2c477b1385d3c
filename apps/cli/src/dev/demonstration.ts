import type { TrafficOptions } from '@levitate/traffic';

/** The two lanes: the same packets, with and without forecasts. */
export const laneNames = ['reactive', 'predictive'] as const;

/** Rate at which each lane drains: 100 Mbit/s. */
export const drainBytesPerSecond = 12_500_000;

/** Limit of each lane's queue before anybody changes it: 512 KB, what the benches start from. */
export const limitBytes = 524_288;

/** Size of every packet. */
export const packetBytes = 1_500;

/**
 * Bursts every 12 s, so that a newcomer sees the first forecasts after about a minute; each brings
 * 55 to 85 % of what the queue may hold within the latency budget of 150 ms.
 */
export const burstIntervalS: [number, number] = [12, 12];
export const burstShareOfBudget: [number, number] = [0.55, 0.85];

/** Length of one plan; the next one follows it without a gap. */
export const roundMs = 600_000;

/** The traffic of one round through the kernel lab. */
export function roundTraffic(seed: number, round: number): TrafficOptions {
  return {
    kind: 'periodic',
    seed: `${seed}/${round}`,
    durationMs: roundMs,
    drainBytesPerSecond,
    packetBytes,
    intervalS: burstIntervalS,
    burst: { by: 'excess', shareOfBudget: burstShareOfBudget },
  };
}
