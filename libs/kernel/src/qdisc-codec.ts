import { decodeFifoOptions, encodeFifoOptions } from './fifo-options.ts';
import { decodeFqLimit, encodeFqLimit } from './fq-options.ts';
import {
  asciiAt,
  attributeEnd,
  attributeOffset,
  attributeSpan,
  MessageWriter,
  NETLINK,
  type Span,
  u64At,
} from './netlink-message.ts';
import type { Qdisc } from './qdisc.ts';
import { decodeTbfOptions, encodeTbfOptions } from './tbf-options.ts';

/** Messages of `linux/rtnetlink.h`. */
export const QDISC_MESSAGE = { newQdisc: 36, getQdisc: 38 } as const;

/** Attributes of `linux/rtnetlink.h` and `linux/gen_stats.h`. */
const TCA = { kind: 1, options: 2, stats: 3, stats2: 7, dumpInvisible: 10 } as const;
const STATS = { basic: 1, queue: 3, packets64: 8 } as const;

/** `struct tcmsg`: family, ifindex, handle, parent, info. */
const TCMSG_BYTES = 20;

/** Which qdisc of a namespace is meant. */
export interface QdiscAddress {
  ifindex: number;
  handle: number;
  parent: number;
}

/**
 * Ask for every qdisc of the namespace.
 * @param includeInvisible also those the kernel made inside others, such as the fifo of a tbf
 */
export function encodeQdiscDump(sequence: number, includeInvisible = false): Uint8Array {
  const writer = new MessageWriter({
    type: QDISC_MESSAGE.getQdisc,
    flags: NETLINK.flagRequest | NETLINK.flagDump,
    sequence,
  }).words(0, 0, 0, 0, 0);
  if (includeInvisible) writer.attribute(TCA.dumpInvisible, new Uint8Array(0));
  return writer.finish();
}

/** Ask for one qdisc. Without the echo flag the kernel would tell only `tc monitor`. */
export function encodeQdiscGet(sequence: number, address: QdiscAddress): Uint8Array {
  return new MessageWriter({
    type: QDISC_MESSAGE.getQdisc,
    flags: NETLINK.flagRequest | NETLINK.flagAck | NETLINK.flagEcho,
    sequence,
  })
    .words(0, address.ifindex, address.handle, address.parent, 0)
    .finish();
}

/** What a change of the limit is made from. */
export interface LimitChange {
  sequence: number;
  /** The qdisc as it was just read, with the options it was read with. */
  present: QdiscReading;
  /** In the unit of the qdisc: bytes for tbf and bfifo, packets for pfifo, fq and fq_codel. */
  limit: number;
}

/**
 * Change the limit of exactly the qdisc that was read and nothing else of it. There is no create
 * and no replace flag: where another handle or kind has taken its place the kernel refuses.
 * @returns `undefined` when the kind has no limit this codec knows
 */
export function encodeLimitChange(change: LimitChange): Uint8Array | undefined {
  const { qdisc, options } = change.present;
  const writer = new MessageWriter({
    type: QDISC_MESSAGE.newQdisc,
    flags: NETLINK.flagRequest | NETLINK.flagAck,
    sequence: change.sequence,
  })
    .words(0, qdisc.ifindex, qdisc.handle, qdisc.parent, 0)
    .attributeText(TCA.kind, qdisc.kind);
  switch (qdisc.kind) {
    case 'tbf': {
      const tbf = decodeTbfOptions(options);
      if (tbf === undefined) return undefined;
      return writer
        .nest(TCA.options, (nest) => encodeTbfOptions(nest, { ...tbf, limitBytes: change.limit }))
        .finish();
    }
    case 'bfifo':
    case 'pfifo':
      return writer.attribute(TCA.options, encodeFifoOptions(change.limit)).finish();
    case 'fq':
    case 'fq_codel': {
      const { kind } = qdisc;
      return writer.nest(TCA.options, (nest) => encodeFqLimit(nest, kind, change.limit)).finish();
    }
    default:
      return undefined;
  }
}

/** A qdisc together with its options as they came, so that they can be sent back. */
export interface QdiscReading {
  qdisc: Qdisc;
  /** Payload of `TCA_OPTIONS`; empty for kinds that have none. */
  options: Span;
}

/**
 * Decode one `RTM_NEWQDISC`.
 * @param message the message without its netlink header
 * @returns `undefined` when it is cut off
 */
export function decodeQdisc(message: Span): QdiscReading | undefined {
  const { view, start, end } = message;
  if (start + TCMSG_BYTES > end) return undefined;
  const attributes: Span = { view, start: start + TCMSG_BYTES, end };
  const kindSpan = attributeSpan(attributes, TCA.kind);
  if (kindSpan === undefined) return undefined;
  const qdisc: Qdisc = {
    ifindex: view.getInt32(start + 4, true),
    interface: '',
    handle: view.getUint32(start + 8, true),
    parent: view.getUint32(start + 12, true),
    kind: asciiAt(kindSpan),
    sentBytes: 0,
    sentPackets: 0,
    dropped: 0,
    overlimits: 0,
    backlogBytes: 0,
    backlogPackets: 0,
    limitBytes: undefined,
    limitPackets: undefined,
    rateBytesPerSecond: undefined,
    bucketTicks: undefined,
  };
  if (!readStats2(attributes, qdisc)) readStats(attributes, qdisc);
  const options = attributeSpan(attributes, TCA.options) ?? { view, start: end, end };
  readOptions(options, qdisc);
  return { qdisc, options };
}

/** `TCA_STATS2`: 64 bit bytes, and 64 bit packets once they no longer fit 32. */
function readStats2(attributes: Span, qdisc: Qdisc): boolean {
  const nest = attributeSpan(attributes, TCA.stats2);
  if (nest === undefined) return false;
  const { view } = nest;
  const basic = attributeOffset(nest, STATS.basic);
  const queue = attributeOffset(nest, STATS.queue);
  if (basic < 0 || queue < 0) return false;
  if (attributeEnd(view, basic) - basic < 12 || attributeEnd(view, queue) - queue < 20)
    return false;
  qdisc.sentBytes = u64At(view, basic);
  qdisc.sentPackets = view.getUint32(basic + 8, true);
  const packets64 = attributeOffset(nest, STATS.packets64);
  if (packets64 >= 0 && attributeEnd(view, packets64) - packets64 >= 8) {
    qdisc.sentPackets = u64At(view, packets64);
  }
  qdisc.backlogPackets = view.getUint32(queue, true);
  qdisc.backlogBytes = view.getUint32(queue + 4, true);
  qdisc.dropped = view.getUint32(queue + 8, true);
  qdisc.overlimits = view.getUint32(queue + 16, true);
  return true;
}

/** The older `TCA_STATS`, `struct tc_stats`. */
function readStats(attributes: Span, qdisc: Qdisc): void {
  const at = attributeOffset(attributes, TCA.stats);
  if (at < 0 || attributeEnd(attributes.view, at) - at < 36) return;
  const { view } = attributes;
  qdisc.sentBytes = u64At(view, at);
  qdisc.sentPackets = view.getUint32(at + 8, true);
  qdisc.dropped = view.getUint32(at + 12, true);
  qdisc.overlimits = view.getUint32(at + 16, true);
  qdisc.backlogPackets = view.getUint32(at + 28, true);
  qdisc.backlogBytes = view.getUint32(at + 32, true);
}

function readOptions(options: Span, qdisc: Qdisc): void {
  switch (qdisc.kind) {
    case 'tbf': {
      const tbf = decodeTbfOptions(options);
      if (tbf === undefined) return;
      qdisc.limitBytes = tbf.limitBytes;
      qdisc.rateBytesPerSecond = tbf.rateBytesPerSecond;
      qdisc.bucketTicks = tbf.bucketTicks;
      return;
    }
    case 'bfifo':
      qdisc.limitBytes = decodeFifoOptions(options);
      return;
    case 'pfifo':
      qdisc.limitPackets = decodeFifoOptions(options);
      return;
    case 'fq':
    case 'fq_codel':
      qdisc.limitPackets = decodeFqLimit(qdisc.kind, options);
      return;
  }
}
