import type { TimedSample } from '@levitate/series';
import type { EntryFormat, SeriesKind } from './series-kind.ts';

/** Keys of the windows in Redis; all begin with a prefix that carries the version of the layout. */
export interface RedisKeys {
  /** Stream of one link or path, newest last, bounded by `XADD MAXLEN ~`. */
  samples(name: string): string;
  /** Sorted set of names by when they were last written, milliseconds since 1970. */
  readonly names: string;
  /** Stream of names that began to be written, so that readers need not ask. */
  readonly announcements: string;
}

/** @param prefix e.g. `levitate:telemetry:v1` */
export function redisKeys(prefix: string, keys: EntryFormat<never>['keys']): RedisKeys {
  return {
    samples: (name) => `${prefix}:${keys.samples}:${name}`,
    names: `${prefix}:${keys.names}`,
    announcements: `${prefix}:${keys.announcements}`,
  };
}

/** An entry as XREAD gives it. */
export type RedisEntry = [id: Buffer, fields: Buffer[]];

/**
 * `undefined` for an entry that holds no sample of this name that this release can read. A reader
 * of release N finds the message it knows beside one of N+1. Anyone may write to a shared Redis:
 * what is in it is checked like what comes over the wire.
 */
export function sampleOfEntry<S extends TimedSample>(
  kind: Pick<SeriesKind<S>, 'entry' | 'nameOf'>,
  name: string,
  [, fields]: RedisEntry,
): S | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (fields[index]?.toString() !== kind.entry.field) continue;
    const bytes = fields[index + 1];
    if (bytes === undefined) return undefined;
    try {
      const sample = kind.entry.decode(bytes);
      return sample !== undefined && kind.nameOf(sample) === name ? sample : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Entry ids are `milliseconds-sequence`; text order is not their order. */
export function isIdBefore(ids: { id: string; other: string }): boolean {
  const [ms = 0, sequence = 0] = ids.id.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = ids.other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && sequence < otherSequence);
}
