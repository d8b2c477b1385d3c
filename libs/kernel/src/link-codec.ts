import { asciiAt, attributeSpan, MessageWriter, NETLINK, type Span } from './netlink-message.ts';

/** Messages of `linux/rtnetlink.h`. */
export const LINK_MESSAGE = { newLink: 16, getLink: 18 } as const;

const IFLA = { name: 3, extensionMask: 29 } as const;
/** `RTEXT_FILTER_SKIP_STATS`: names are wanted, not a kilobyte of counters per interface. */
const SKIP_STATS = 1 << 3;
/** `struct ifinfomsg`. */
const IFINFOMSG_BYTES = 16;

/** Ask for every interface of the namespace. */
export function encodeLinkDump(sequence: number): Uint8Array {
  return new MessageWriter({
    type: LINK_MESSAGE.getLink,
    flags: NETLINK.flagRequest | NETLINK.flagDump,
    sequence,
  })
    .words(0, 0, 0, 0)
    .attributeU32(IFLA.extensionMask, SKIP_STATS)
    .finish();
}

/** One interface. */
export interface Interface {
  ifindex: number;
  name: string;
}

/**
 * Decode one `RTM_NEWLINK`.
 * @param message the message without its netlink header
 * @returns `undefined` when it is cut off
 */
export function decodeLink({ view, start, end }: Span): Interface | undefined {
  if (start + IFINFOMSG_BYTES > end) return undefined;
  const name = attributeSpan({ view, start: start + IFINFOMSG_BYTES, end }, IFLA.name);
  if (name === undefined) return undefined;
  return { ifindex: view.getInt32(start + 4, true), name: asciiAt(name) };
}
