import type { TimedSample } from '@levitate/series';
import type { EntryFormat, SeriesKind } from './series-kind.ts';

/** Keys of the windows in Redis; all begin with a prefix that carries the version of the layout. */
export interface RedisKeys {
  /** Stream of one link or path, newest last, bounded by `XADD MAXLEN ~`. */
  samples(name: string): string;
  /** Sorted set of names by when they were last written, milliseconds since 1970. */
  readonly names: string;
  /** Stream of names that were just written, so that readers ask for those and no others. */
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

/** An entry's id, taken apart: `EPOCH-NUMBER`. */
export interface EntryPlace {
  /** Milliseconds since 1970. */
  epochMs: number;
  number: number;
}

/** @see EntryPlace */
export function entryIdOf({ epochMs, number }: EntryPlace): string {
  return `${epochMs}-${number}`;
}

/** Text order is not the order of ids, so they are compared by their parts. */
export function entryPlace(id: string): EntryPlace {
  const dash = id.indexOf('-');
  return { epochMs: Number(id.slice(0, dash)), number: Number(id.slice(dash + 1)) };
}

/**
 * Entries that are missing between two that follow one another in a stream. Numbers run on within
 * an epoch and begin anew at 1 with the next; ids that Redis gave count from 0 within a
 * millisecond, so that between those none is ever missing.
 */
export function entriesBetween({ had, next }: { had: string; next: string }): number {
  if (had === '0-0') return 0;
  const before = entryPlace(had);
  const after = entryPlace(next);
  const expected = before.epochMs === after.epochMs ? before.number + 1 : 1;
  return Math.max(0, after.number - expected);
}
