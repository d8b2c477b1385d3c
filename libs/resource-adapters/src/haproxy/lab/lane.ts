import { setTimeout as delay } from 'node:timers/promises';
import type { ArrivalStream, ResourceTotals } from '@levitate/queueing';
import { p99 } from '../../pools/lab/p99.ts';
import { type BackendState, RuntimeApi } from '../runtime-api.ts';
import { playRequests } from './front-client.ts';
import type { HaproxyLab } from './haproxy-lab.ts';

/** From then on a server has another speed. */
export interface SpeedChange {
  atMs: number;
  /** Index of the server. */
  server: number;
  /** Share of its full speed, above 0. */
  speed: number;
}

/** What happens to a lab, and what is counted of it. */
export interface LaneSettings {
  lab: HaproxyLab;
  arrivals: ArrivalStream;
  /** In the order of time; default none. */
  speedChanges?: readonly SpeedChange[] | undefined;
  /** What comes before is not counted, ms; default 0. */
  countedFromMs?: number | undefined;
  /** Of weight, requests/s. */
  perWeight: number;
  /** Peak demand, requests/s: what is reserved is stated as a share of it. */
  peakPerSecond: number;
  /** Ends it early. */
  signal?: AbortSignal | undefined;
}

/** What became of a lane. */
export interface LaneTotals extends ResourceTotals {
  /** How late requests were sent, 99th percentile, ms; with some 20 the machine was too busy. */
  lagMsP99: number;
}

/** Between two looks at what is in rotation, ms. */
const lookMs = 100;

/**
 * Plays one run: arrivals, changes of speed, and an observer of its own that sees which servers
 * are reserved and when weights change, whoever changes them. Delays are beyond a request's own
 * service on the fastest server.
 */
export async function playLane(settings: LaneSettings): Promise<LaneTotals> {
  const { lab, arrivals, speedChanges = [], countedFromMs = 0, signal } = settings;
  const { frontPath } = lab;
  const serviceMs = 1_000 / Math.max(...lab.servers.map(({ ratePerSecond }) => ratePerSecond));
  const ending = new AbortController();
  const observing = observe(settings, ending.signal);
  // It may fail while requests are on their way, and is heard when they have ended.
  observing.catch(() => {});
  const slowing = changeSpeeds({ lab, speedChanges }, ending.signal);
  try {
    const { delayMs, lagMs } = await playRequests(arrivals, { frontPath, serviceMs, signal });
    ending.abort();
    const isCounted = (_: number, index: number) => (arrivals.atMs[index] ?? 0) >= countedFromMs;
    const counted = delayMs.filter(isCounted);
    const served = [...counted.filter((ms) => !Number.isNaN(ms))];
    return {
      arrived: counted.length,
      served: served.length,
      rejected: counted.length - served.length,
      delayP99Seconds: p99(served) / 1_000,
      lagMsP99: p99([...lagMs.filter(isCounted)]),
      ...(await observing),
    };
  } finally {
    ending.abort();
    await Promise.all([observing, slowing]);
  }
}

async function changeSpeeds(
  { lab, speedChanges }: { lab: HaproxyLab; speedChanges: readonly SpeedChange[] },
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  for (const { atMs, server, speed } of speedChanges) {
    if (!(await waited(startMs + atMs - performance.now(), signal))) return;
    const slowed = lab.servers[server];
    if (slowed !== undefined) slowed.speed = speed;
  }
}

async function observe(settings: LaneSettings, signal: AbortSignal) {
  const { lab, perWeight, peakPerSecond, countedFromMs = 0 } = settings;
  const api = new RuntimeApi(lab.source);
  const totals = { reservedOverPeak: 0, changes: 0, elapsedSeconds: 0 };
  let before: string | undefined;
  let reserved = 0;
  let fromMs = performance.now() + countedFromMs;
  while (await waited(Math.max(lookMs, fromMs - performance.now()), signal)) {
    const state = await api.read(lab.backend, AbortSignal.timeout(5_000));
    const weights = state.servers.map(({ weight }) => weight).join();
    const nowMs = performance.now();
    if (before !== undefined && weights !== before) totals.changes++;
    reserved += (reservedWeight(state) * perWeight * (nowMs - fromMs)) / 1_000;
    totals.elapsedSeconds += (nowMs - fromMs) / 1_000;
    before = weights;
    fromMs = nowMs;
  }
  totals.reservedOverPeak = reserved / (totals.elapsedSeconds || 1) / peakPerSecond;
  return totals;
}

/** Weight of the servers that are in rotation, or still have requests. */
function reservedWeight({ servers, traffic }: BackendState): number {
  const isReserved = ({ name, weight, isHeld }: BackendState['servers'][number]) =>
    (weight > 0 && !isHeld) || (traffic.servers.get(name)?.current ?? 0) > 0;
  return servers.reduce((sum, each) => sum + (isReserved(each) ? each.nominalWeight : 0), 0);
}

/** @returns whether the time has passed, not the signal come */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(Math.max(0, ms), undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
