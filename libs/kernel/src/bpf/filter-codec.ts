import {
  asciiAt,
  attributeOffset,
  attributeSpan,
  MessageWriter,
  NETLINK,
  type Span,
} from '../netlink-message.ts';

/** Messages of `linux/rtnetlink.h`. */
export const FILTER_MESSAGE = { newFilter: 44, getFilter: 46 } as const;

/** Parents of the two sides of a clsact (`linux/pkt_sched.h`, `TC_H_CLSACT`). */
export const CLSACT_PARENT = { ingress: 0xffff_fff2, egress: 0xffff_fff3 } as const;

const TCA = { kind: 1, options: 2 } as const;
/** `linux/pkt_cls.h`, `TCA_BPF_ID`. */
const TCA_BPF_ID = 11;
/** `struct tcmsg`: family, ifindex, handle, parent, info. */
const TCMSG_BYTES = 20;

/** One tc filter, as much of it as tells whose it is. */
export interface Filter {
  ifindex: number;
  parent: number;
  handle: number;
  priority: number;
  /** `bpf`, `flower`, `matchall` and so on. */
  kind: string;
  /** Of a filter of kind bpf: the number of its program. */
  programId?: number;
}

/** Ask for the filters that hang on one parent of one interface. */
export function encodeFilterDump(sequence: number, ifindex: number, parent: number): Uint8Array {
  return new MessageWriter({
    type: FILTER_MESSAGE.getFilter,
    flags: NETLINK.flagRequest | NETLINK.flagDump,
    sequence,
  })
    .words(0, ifindex, 0, parent, 0)
    .finish();
}

/**
 * Decode one `RTM_NEWTFILTER`.
 * @param message the message without its netlink header
 * @returns `undefined` when it is cut off, or tells of a priority as such and no filter of it
 */
export function decodeFilter({ view, start, end }: Span): Filter | undefined {
  if (start + TCMSG_BYTES > end) return undefined;
  const attributes: Span = { view, start: start + TCMSG_BYTES, end };
  const kind = attributeSpan(attributes, TCA.kind);
  const handle = view.getUint32(start + 8, true);
  if (kind === undefined || handle === 0) return undefined;
  const filter: Filter = {
    ifindex: view.getInt32(start + 4, true),
    handle,
    parent: view.getUint32(start + 12, true),
    priority: view.getUint32(start + 16, true) >>> 16,
    kind: asciiAt(kind),
  };
  const options = attributeSpan(attributes, TCA.options);
  const id = options === undefined ? -1 : attributeOffset(options, TCA_BPF_ID);
  if (filter.kind === 'bpf' && id >= 0) filter.programId = view.getUint32(id, true);
  return filter;
}
