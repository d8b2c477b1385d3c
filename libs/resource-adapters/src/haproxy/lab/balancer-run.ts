import { resourceDefaults } from '@levitate/control';
import type { ArrivalStream } from '@levitate/queueing';
import { Controller } from '@levitate/resource-sdk';
import { HaproxyBackend } from '../haproxy-backend.ts';
import { HaproxyLab } from './haproxy-lab.ts';
import { type LaneTotals, playLane, type SpeedChange } from './lane.ts';

/** One workload, the same for every policy. */
export interface BalancerRun {
  /** Full speed of each server, requests/s. */
  ratesPerSecond: readonly number[];
  peakPerSecond: number;
  arrivals: ArrivalStream;
  speedChanges: readonly SpeedChange[];
  /** What comes before is not counted, ms. */
  countedFromMs: number;
  /** Ends it early; what it returns is of no use then. */
  signal?: AbortSignal | undefined;
}

/** Who decides what is in rotation; it starts at `size` requests/s. */
export interface BalancerPolicy {
  kind: 'static' | 'ours';
  size: number;
}

/** Weights have to be whole: one stands for so many requests/s. */
const perWeight = 2;
const maxChangesPerMinute = 10;
/** For single calls, ms. */
const deadlineMs = 5_000;

/**
 * One run of one policy on a real HAProxy of its own, under `leastconn`: what is shipped, that is
 * the controller of the SDK over the adapter, or a rotation that never changes.
 * @throws Error with HAProxy's own words when it does not start
 */
export async function playBalancerRun(
  run: BalancerRun,
  policy: BalancerPolicy,
): Promise<LaneTotals> {
  const servers = run.ratesPerSecond.map((ratePerSecond) => ({
    ratePerSecond,
    weight: ratePerSecond / perWeight,
  }));
  const lab = await HaproxyLab.start({ servers, checkEveryMs: 1_000 });
  try {
    const resource = await HaproxyBackend.open({ ...lab.source, perWeight }, late());
    await resource.apply(policy.size, late());
    const controller = new Controller({
      resource,
      ...resourceDefaults.loadbalancer,
      maxChangesPerMinute,
    });
    if (policy.kind === 'ours') controller.start();
    try {
      return await playLane({ ...run, lab, perWeight });
    } finally {
      await controller.stop();
    }
  } finally {
    await lab.stop();
  }
}

function late(): AbortSignal {
  return AbortSignal.timeout(deadlineMs);
}
