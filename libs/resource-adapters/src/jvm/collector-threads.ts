import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the scheduler says of a JVM's collector since its start. */
export interface CollectorTimes {
  /**
   * How long its busiest thread ran, or waited for a core, ms. The threads of a concurrent
   * collector share the work of a cycle, so that this is the time in which cycles were under way.
   */
  busyMs: number;
  /** Time on a core of all its threads, ms. */
  cpuMs: number;
}

/** Threads that collect and do nothing else, by the first 15 letters of their names. */
const collectorThread =
  /^(ZWorker|ZDriver|ZRelocate|Shenandoah GC|GC Thread#|G1 (Conc|Main|Refine|Service)|VM Thread)/;
/** Of them those that share the work of a concurrent cycle. */
const worker = /^(ZWorker|Shenandoah GC)/;
/** A JVM has hundreds; one with more is not looked through. */
const threadsMax = 10_000;

/** One thread that collects. */
export interface CollectorThread {
  file: string;
  isWorker: boolean;
}

/**
 * The collector's threads of a JVM, all of which are started with it.
 * @returns none where this machine does not show them
 */
export function collectorThreads(pid: number): CollectorThread[] {
  const tasks = `/proc/${pid}/task`;
  try {
    const ids = readdirSync(tasks).slice(0, threadsMax);
    return ids.flatMap((id) => {
      const name = readFileSync(join(tasks, id, 'comm'), 'utf8');
      const file = join(tasks, id, 'schedstat');
      return collectorThread.test(name) ? [{ file, isWorker: worker.test(name) }] : [];
    });
  } catch {
    // A thread has ended between the two looks, or the process has: the next reading says so.
    return [];
  }
}

/**
 * Read without a turn of the event loop each, which would cost ten times as much.
 * @returns undefined where the kernel does not say (`CONFIG_SCHED_INFO`)
 */
export function collectorTimes(threads: readonly CollectorThread[]): CollectorTimes | undefined {
  if (threads.length === 0) return undefined;
  let busyMs = 0;
  let cpuMs = 0;
  try {
    for (const { file, isWorker } of threads) {
      // Nanoseconds on a core, nanoseconds waiting for one, turns.
      const [ran, waited] = readFileSync(file, 'utf8').split(' ').map(Number);
      if (ran === undefined || waited === undefined || !(ran + waited >= 0)) return undefined;
      cpuMs += ran / 1e6;
      if (isWorker) busyMs = Math.max(busyMs, (ran + waited) / 1e6);
    }
    return { busyMs, cpuMs };
  } catch {
    return undefined;
  }
}
