import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '@levitate/clock';
import { type ArrivalStream, drawArrivals } from '@levitate/queueing';
import { type LoadRange, loadRates } from './load-rates.ts';

/** What the process of a system is told, as JSON in its first argument. */
export interface SystemInput {
  readonly seed: number;
  /** Of the run; names are free in it. */
  readonly folder: string;
  /** Where it listens, if it does. */
  readonly port: number;
}

/** Load of one round. */
export interface LoadRound {
  readonly rates: readonly number[];
  /** Of the same rates: Poisson, and exponential work. */
  readonly arrivals: () => ArrivalStream;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A real system, as its process runs it. */
export interface RunningSystem {
  /** What it is and in which version, for people. */
  readonly system: string;
  /** Size in force, as the system itself says. */
  size(signal: AbortSignal): number | Promise<number>;
  /** Plays one round; whatever becomes of its requests is no error. */
  play(round: LoadRound): Promise<unknown>;
  /** Ends it; nothing of it stays. */
  stop(): Promise<void>;
}

/** When `levitate dev` is gone, its services have so long to put back what they changed, ms. */
const orphanMs = 4_000;
/** Between two looks whether it still answers, and how many may fail in a row. */
const lookMs = 2_000;
const missedLooksMax = 3;
const lookDeadlineMs = 3_000;

/**
 * A process of `levitate dev --resources`: starts a system, says { ready, system } on its IPC
 * channel, loads it until SIGTERM or until that channel has closed, says { ended } with the size
 * that stood at the beginning and the one that it leaves, and ends it. A system that does not
 * answer any more ends the process, which is then started again.
 */
export async function runSystem(
  load: LoadRange,
  start: (input: SystemInput) => Promise<RunningSystem>,
): Promise<void> {
  const input: SystemInput = JSON.parse(process.argv[2] ?? '{}');
  const ending = new AbortController();
  process.on('SIGTERM', () => ending.abort());
  process.on('SIGINT', () => ending.abort());
  process.on('disconnect', () => setTimeout(() => ending.abort(), orphanMs));
  const running = await start(input);
  try {
    const { system } = running;
    const original = await patientLook(running);
    await say({ ready: true, system });
    await Promise.all([
      playRounds(running, { load, seed: input.seed, signal: ending.signal }),
      watch(running, ending.signal),
    ]);
    const size = await patientLook(running).catch(() => undefined);
    await say({ ended: true, original, size });
  } finally {
    ending.abort();
    await running.stop();
  }
  process.exit(0);
}

async function playRounds(
  running: RunningSystem,
  { load, seed, signal }: { load: LoadRange; seed: number; signal: AbortSignal },
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const rates = loadRates(load, `${seed}/${round}`);
    const random = new SeededRandom(`${seed}/${round}/arrivals`);
    const arrivals = () => drawArrivals(rates, random);
    await running
      .play({ rates, arrivals, seed: seed + round, signal })
      .catch((cause) => ignoreAtTheEnd(signal, cause));
  }
}

async function watch(running: RunningSystem, signal: AbortSignal): Promise<void> {
  let missed = 0;
  while (!signal.aborted) {
    await delay(lookMs, undefined, { signal }).catch(() => {});
    missed = await look(running).then(
      () => 0,
      (cause) => {
        if (missed + 1 < missedLooksMax) return missed + 1;
        throw new Error('it does not answer any more', { cause });
      },
    );
  }
}

/** On a busy machine a JVM takes seconds until it first answers. */
async function patientLook(running: RunningSystem): Promise<number> {
  for (let missed = 1; ; missed++) {
    try {
      return await look(running);
    } catch (cause) {
      if (missed >= missedLooksMax) throw cause;
    }
  }
}

async function look(running: RunningSystem): Promise<number> {
  return running.size(AbortSignal.timeout(lookDeadlineMs));
}

/** What breaks off because everything ends is no fault. */
function ignoreAtTheEnd(signal: AbortSignal, cause: unknown): void {
  if (!signal.aborted) throw cause;
}

function say(message: Record<string, unknown>): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}
