import type { OpenLoopRun } from './open-loop.ts';
import { p99 } from './p99.ts';

/** What an observer of its own sees of a pool, whoever rules it. */
export interface PoolLook {
  /** Size it has been given. */
  size: number;
  /** What it really has: what is to go and is not gone yet counts too. */
  open: number;
}

/** @see playLane */
export interface LaneSettings {
  atMs: ArrayLike<number>;
  /** Plays the arrivals, from now on. */
  load: () => Promise<OpenLoopRun>;
  look: () => PoolLook | Promise<PoolLook>;
  /** What comes before is not counted, ms; default 0. */
  countedFromMs?: number | undefined;
}

/** What became of the counted part. */
export interface LaneTotals {
  arrived: number;
  served: number;
  /** All that was not served, failures of the system included. */
  rejected: number;
  /** Beyond the request's own service, of those that were served, seconds. */
  delayP99S: number;
  /** Reserved from the request on, and until really given back: mean over time. */
  reserved: number;
  /** Times at which the size was other than before. */
  changes: number;
  seconds: number;
  /** How late requests were sent, 99th percentile, ms; with some 20 the machine was too busy. */
  lagMsP99: number;
}

/** Between two looks, ms. */
const lookMs = 100;

/** Plays one run of a pool and counts what it came to, in the terms of the control bench. */
export async function playLane(settings: LaneSettings): Promise<LaneTotals> {
  const { load, countedFromMs = 0 } = settings;
  const run = load();
  const reserved = await observe(settings, run);
  const { lagMs, delayMs } = await run;
  const delays: number[] = [];
  const lags: number[] = [];
  let arrived = 0;
  for (const [index, delay] of delayMs.entries()) {
    if ((settings.atMs[index] as number) < countedFromMs) continue;
    arrived += 1;
    lags.push(lagMs[index] as number);
    if (!Number.isNaN(delay)) delays.push(delay);
  }
  const served = delays.length;
  const delayP99S = p99(delays) / 1_000;
  const lagMsP99 = p99(lags);
  return { arrived, served, rejected: arrived - served, delayP99S, lagMsP99, ...reserved };
}

async function observe({ look, countedFromMs = 0 }: LaneSettings, run: Promise<unknown>) {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  void run.then(over, over);
  let fromMs = performance.now() + countedFromMs;
  let before: PoolLook | undefined;
  let reserved = 0;
  let seconds = 0;
  let changes = 0;
  while (!isOver) {
    const { size, open } = await look();
    const nowMs = performance.now();
    if (nowMs > fromMs) {
      reserved += (Math.max(size, open) * (nowMs - fromMs)) / 1_000;
      seconds += (nowMs - fromMs) / 1_000;
      if (before !== undefined && before.size !== size) changes += 1;
      fromMs = nowMs;
    }
    before = { size, open };
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return { reserved: seconds === 0 ? 0 : reserved / seconds, changes, seconds };
}
