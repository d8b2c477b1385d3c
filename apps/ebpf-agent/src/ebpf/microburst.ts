import { MICROBURST_EVENT } from './layout.ts';

/** A run of packets that came closer than the gap of their link. */
export interface Microburst {
  link: string;
  /** Wall clock of the first packet. */
  timeUnixMs: number;
  durationUs: number;
  packets: number;
  bytes: number;
  /** It was cut for its length; the next one continues it. */
  goesOn: boolean;
}

/**
 * An event of the ring buffer in words of the agent.
 * @param record of `MICROBURST_EVENT.bytes`
 * @param at.links names by number; an event of a number without a name gives `undefined`
 * @param at.unixMsAtZero wall clock at zero of the monotonic clock
 */
export function microburstOf(
  record: Buffer,
  at: { links: readonly (string | undefined)[]; unixMsAtZero: number },
): Microburst | undefined {
  if (record.length < MICROBURST_EVENT.bytes) return undefined;
  const link = at.links[record.readUInt32LE(MICROBURST_EVENT.link)];
  if (link === undefined) return undefined;
  const timeMs = Number(record.readBigUInt64LE(MICROBURST_EVENT.timeNs)) / 1e6;
  return {
    link,
    timeUnixMs: at.unixMsAtZero + timeMs,
    durationUs: Number(record.readBigUInt64LE(MICROBURST_EVENT.durationNs)) / 1e3,
    packets: record.readUInt32LE(MICROBURST_EVENT.packets),
    bytes: Number(record.readBigUInt64LE(MICROBURST_EVENT.byteCount)),
    goesOn: (record.readUInt32LE(MICROBURST_EVENT.flags) & 1) === 1,
  };
}
