import type { Collector, JvmReading } from './jvm-access.ts';

/** What the beans of a JVM's collectors say. */
export type CollectorBeans = Pick<
  JvmReading,
  'collector' | 'collections' | 'collectingMs' | 'usedAfterBytes'
>;

/** Names of beans, and whose they are. */
const collectorOf: readonly (readonly [RegExp, Collector])[] = [
  [/^ZGC /, 'z'],
  [/^Shenandoah /, 'shenandoah'],
  [/^G1 /, 'g1'],
  [/^PS /, 'parallel'],
  [/^(Copy|MarkSweepCompact)$/, 'serial'],
];

/**
 * Reads all `java.lang:type=GarbageCollector` beans with their `Name`, `CollectionCount`,
 * `CollectionTime` (ms), `MemoryPoolNames` and `LastGcInfo`. Concurrent collectors have one bean
 * for cycles and one for the pauses in them: cycles are what counts.
 * @returns undefined: they are not those of a collector that is known
 */
export function collectorBeans(value: unknown): CollectorBeans | undefined {
  const beans = isRecord(value) ? Object.values(value).filter(isRecord) : [];
  const name = `${beans[0]?.Name ?? ''}`;
  const collector = collectorOf.find(([pattern]) => pattern.test(name))?.[1];
  if (collector === undefined) return undefined;
  const isWhole = collector === 'z' || collector === 'shenandoah';
  const counted = isWhole ? beans.filter((bean) => /Cycles$/.test(`${bean.Name}`)) : beans;
  let collections = 0;
  let collectingMs = 0;
  for (const bean of counted) {
    const count = sizeIn(bean, 'CollectionCount');
    const ms = sizeIn(bean, 'CollectionTime');
    if (count === undefined || ms === undefined) return undefined;
    collections += count;
    collectingMs += ms;
  }
  const usedAfterBytes = isWhole ? usedAfter(counted) : undefined;
  return { collector, collections, collectingMs, usedAfterBytes };
}

/** What the newest collection left in the pools it collects; undefined: there was none yet. */
function usedAfter(beans: readonly Record<string, unknown>[]): number | undefined {
  let newestMs = 0;
  let bytes: number | undefined;
  for (const bean of beans) {
    const last = bean.LastGcInfo;
    const pools = bean.MemoryPoolNames;
    const endMs = sizeIn(last, 'endTime') ?? 0;
    const after = isRecord(last) ? last.memoryUsageAfterGc : undefined;
    if (endMs <= newestMs || !isRecord(after) || !Array.isArray(pools)) continue;
    newestMs = endMs;
    bytes = pools.reduce((sum: number, pool) => sum + (sizeIn(after[pool], 'used') ?? 0), 0);
  }
  return bytes;
}

/** A number that is one, or its digits; neither negative nor infinite. */
export function sizeIn(value: unknown, name: string): number | undefined {
  const found = isRecord(value) ? value[name] : undefined;
  const size = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found;
  return typeof size === 'number' && Number.isFinite(size) && size >= 0 ? size : undefined;
}

/** Something with named values. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
