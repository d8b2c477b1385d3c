/** What the performance counters of a JVM say of its collections since its start. */
export interface GcCounters {
  /** Collections; concurrent cycles, which have several pauses each, counted once. */
  collections: number;
  /** Time in pauses, ms. */
  pausedMs: number;
  /** Since its start; written anew about every 50 ms. */
  uptimeMs: number;
}

/** Pauses that belong to one concurrent cycle, by what the counters call the collector. */
const pausesOf: readonly (readonly [RegExp, number])[] = [
  // Mark start, mark end, relocate start.
  [/^Z .*pauses/i, 3],
  // Init mark, final mark, init update references, final update references.
  [/^Shenandoah pauses/i, 4],
  // Remark, cleanup.
  [/^G1 .*concurrent cycle pauses/i, 2],
];
/** Collectors whose number is looked for. */
const collectorsMax = 8;

/** @param counters as `parsePerfCounters` reads them */
export function gcCounters(counters: ReadonlyMap<string, number | string>): GcCounters {
  const ticksPerMs = Number(counters.get('sun.os.hrt.frequency') ?? 1e9) / 1_000;
  let collections = 0;
  let ticks = 0;
  for (let n = 0; n < collectorsMax; n++) {
    const invocations = Number(counters.get(`sun.gc.collector.${n}.invocations`) ?? 0);
    const name = `${counters.get(`sun.gc.collector.${n}.name`) ?? ''}`;
    const pauses = pausesOf.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
    collections += Math.floor(invocations / pauses);
    ticks += Number(counters.get(`sun.gc.collector.${n}.time`) ?? 0);
  }
  const uptimeTicks = Number(counters.get('sun.os.hrt.ticks') ?? 0);
  return { collections, pausedMs: ticks / ticksPerMs, uptimeMs: uptimeTicks / ticksPerMs };
}
