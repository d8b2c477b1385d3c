import { contracts, messages } from '@levitate/contracts';
import type { Sample } from '@levitate/series';
import { sampleFromProto, sampleToProto } from './sample-proto.ts';

/** Keys of the windows in Redis; all begin with a prefix that carries the version of the layout. */
export interface RedisKeys {
  /** Stream of one link, newest last, bounded by `XADD MAXLEN ~`. */
  samples(link: string): string;
  /** Sorted set of links by when they were last written, milliseconds since 1970. */
  readonly links: string;
  /** Stream of links that began to be written, so that readers need not ask. */
  readonly announcements: string;
}

/** @param prefix e.g. `levitate:telemetry:v1` */
export function redisKeys(prefix: string): RedisKeys {
  return {
    samples: (link) => `${prefix}:samples:${link}`,
    links: `${prefix}:links`,
    announcements: `${prefix}:announcements`,
  };
}

/** An entry as XREAD gives it. */
export type RedisEntry = [id: Buffer, fields: Buffer[]];

/**
 * Field and value of a sample: the message's full name, which carries its version, and its bytes. A
 * reader of release N finds the name it knows beside one of N+1.
 */
export function entryFields(sample: Sample): [field: string, bytes: Buffer] {
  return [messages.sample.fullName, messages.sample.encode(sampleToProto(sample))];
}

/** `undefined` for an entry that holds no sample of this link that this release can read. */
export function sampleOfEntry(link: string, [, fields]: RedisEntry): Sample | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (fields[index]?.toString() !== messages.sample.fullName) continue;
    const bytes = fields[index + 1];
    return bytes === undefined ? undefined : soundSample(link, bytes);
  }
  return undefined;
}

/** Anyone may write to a shared Redis: what is in it is checked like what comes over the wire. */
function soundSample(link: string, bytes: Buffer): Sample | undefined {
  try {
    const proto = messages.sample.decode(bytes);
    const violations = contracts.telemetry.validate.pushSamples({ samples: [proto] });
    return violations.length > 0 || proto.link !== link ? undefined : sampleFromProto(proto);
  } catch {
    return undefined;
  }
}

/** Entry ids are `milliseconds-sequence`; text order is not their order. */
export function isIdBefore(ids: { id: string; other: string }): boolean {
  const [ms = 0, sequence = 0] = ids.id.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = ids.other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && sequence < otherSequence);
}
