import { setTimeout as delay } from 'node:timers/promises';
import { type BackendState, RuntimeApi } from '../runtime-api.ts';
import type { HaproxyLab } from './haproxy-lab.ts';
import { type Arrivals, type Outcome, playArrivals } from './open-loop.ts';

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
  arrivals: Arrivals;
  /** In the order of time; default none. */
  speedChanges?: readonly SpeedChange[] | undefined;
  /** What comes before is not counted, ms; default 0. */
  countedFromMs?: number | undefined;
  /** Of weight, requests/s. */
  perWeight: number;
}

/** What became of the counted part. */
export interface LaneTotals {
  arrived: number;
  served: number;
  rejected: number;
  /** Beyond the request's own service on the fastest server, seconds. */
  delayP99S: number;
  /** Nominal capacity in rotation or not yet drained, mean over time, requests/s. */
  reservedPerSecond: number;
  /** Times at which weights were other than before. */
  changes: number;
  seconds: number;
}

/** Between two looks at what is in rotation, ms. */
const lookMs = 100;

/**
 * Plays one run: arrivals, changes of speed, and an observer of its own that sees which servers
 * are reserved and when weights change, whoever changes them.
 */
export async function playLane(settings: LaneSettings): Promise<LaneTotals> {
  const { lab, arrivals, speedChanges = [], countedFromMs = 0 } = settings;
  const ending = new AbortController();
  const { signal } = ending;
  const observing = observe(settings, signal);
  const slowing = changeSpeeds({ lab, speedChanges }, signal);
  try {
    const outcomes = await playArrivals(arrivals, { socketPath: lab.frontPath });
    ending.abort();
    const { reservedPerSecond, changes, seconds } = await observing;
    const counted = outcomes.filter(({ atMs }) => atMs >= countedFromMs);
    const served = counted.filter(({ isServed }) => isServed);
    return {
      arrived: counted.length,
      served: served.length,
      rejected: counted.length - served.length,
      delayP99S: delayP99S(served, lab),
      reservedPerSecond,
      changes,
      seconds,
    };
  } finally {
    ending.abort();
    await Promise.all([observing, slowing]);
  }
}

function delayP99S(served: readonly Outcome[], lab: HaproxyLab): number {
  const fastest = Math.max(...lab.servers.map(({ ratePerSecond }) => ratePerSecond));
  const delays = served.map(({ latencyMs, work }) => latencyMs / 1_000 - work / fastest);
  delays.sort((one, other) => one - other);
  return Math.max(0, delays[Math.max(0, Math.ceil(delays.length * 0.99) - 1)] ?? 0);
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
  const { lab, perWeight, countedFromMs = 0 } = settings;
  const api = new RuntimeApi(lab.source);
  const totals = { reservedPerSecond: 0, changes: 0, seconds: 0 };
  let before: string | undefined;
  let reserved = 0;
  let fromMs = performance.now() + countedFromMs;
  while (await waited(Math.max(lookMs, fromMs - performance.now()), signal)) {
    const state = await api.read(lab.backend, AbortSignal.timeout(5_000));
    const weights = state.servers.map(({ weight }) => weight).join();
    const nowMs = performance.now();
    if (before !== undefined && weights !== before) totals.changes++;
    reserved += (reservedOf(state) * perWeight * (nowMs - fromMs)) / 1_000;
    totals.seconds += (nowMs - fromMs) / 1_000;
    before = weights;
    fromMs = nowMs;
  }
  if (totals.seconds > 0) totals.reservedPerSecond = reserved / totals.seconds;
  return totals;
}

/** Weight of the servers that are in rotation, or still have requests. */
function reservedOf({ servers, traffic }: BackendState): number {
  const isReserved = ({ name, weight, isHeld }: BackendState['servers'][number]) =>
    (weight > 0 && !isHeld) || (traffic.servers.get(name)?.current ?? 0) > 0;
  return servers.reduce((sum, each) => sum + (isReserved(each) ? each.nominalWeight : 0), 0);
}

/** @returns whether the time has passed, not the signal come */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(Math.max(0, ms), undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
