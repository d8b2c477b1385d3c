import { attributeEnd, attributeOffset, type MessageWriter, type Span } from './netlink-message.ts';

/**
 * Attribute that holds the limit in packets, `linux/pkt_sched.h`: `TCA_FQ_PLIMIT`,
 * `TCA_FQ_CODEL_LIMIT`. Both kinds keep whatever a change does not name.
 */
const LIMIT = { fq: 1, fq_codel: 2 } as const;

/** Kinds whose options are attributes with one for the limit. */
export type FqKind = keyof typeof LIMIT;

/** @returns packets of all flows together; `undefined` where the attribute is missing or cut off */
export function decodeFqLimit(kind: FqKind, options: Span): number | undefined {
  const at = attributeOffset(options, LIMIT[kind]);
  const isWhole = at >= 0 && attributeEnd(options.view, at) - at >= 4;
  return isWhole ? options.view.getUint32(at, true) : undefined;
}

/** @param packets of all flows together */
export function encodeFqLimit(writer: MessageWriter, kind: FqKind, packets: number): void {
  writer.attributeU32(LIMIT[kind], packets);
}
