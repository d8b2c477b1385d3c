import type { OpenLoopRun } from './open-loop.ts';

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
  /** The latest that a request was sent, ms; beyond some 20 the machine was too busy to tell. */
  lagMsMax: number;
}

/** Between two looks, ms. */
const lookMs = 100;

/** Plays one run of a pool and counts what it came to, in the terms of the control bench. */
export async function playLane(settings: LaneSettings): Promise<LaneTotals> {
  const { load, countedFromMs = 0 } = settings;
  const run = load();
  const reserved = await observe(settings, run);
  const { lagMsMax, delayMs } = await run;
  const delays: number[] = [];
  let arrived = 0;
  for (const [index, delay] of delayMs.entries()) {
    if ((settings.atMs[index] as number) < countedFromMs) continue;
    arrived += 1;
    if (!Number.isNaN(delay)) delays.push(delay);
  }
  delays.sort((one, other) => one - other);
  const delayP99S = (delays[Math.ceil(0.99 * delays.length) - 1] ?? 0) / 1_000;
  const served = delays.length;
  return { arrived, served, rejected: arrived - served, delayP99S, lagMsMax, ...reserved };
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
