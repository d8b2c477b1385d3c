/**
 * Netlink messages as bytes (Linux `include/uapi/linux/netlink.h`, RFC 3549): header, attributes,
 * nests. Host byte order, and both supported machines (x86-64, arm64) are little-endian.
 */

/** Numbers of `netlink.h` that this library uses. */
export const NETLINK = {
  error: 2,
  done: 3,
  flagRequest: 0x01,
  flagMulti: 0x02,
  flagAck: 0x04,
  flagEcho: 0x08,
  flagDumpInterrupted: 0x10,
  flagDump: 0x300,
  flagErrorCapped: 0x100,
  flagErrorAttributes: 0x200,
  headerBytes: 16,
} as const;

const ATTRIBUTE_HEADER_BYTES = 4;
/** The top two bits of an attribute type are flags (nested, network byte order). */
const ATTRIBUTE_TYPE_MASK = 0x3fff;

/** A part of a message: the bytes from `start` up to `end`. */
export interface Span {
  view: DataView;
  start: number;
  end: number;
}

/**
 * Where the attribute `type` of a span lies.
 * @returns offset of its payload, or -1 when it is not there or is cut off
 */
export function attributeOffset(span: Span, type: number): number {
  const { view, end } = span;
  let at = span.start;
  while (at + ATTRIBUTE_HEADER_BYTES <= end) {
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER_BYTES || at + length > end) return -1;
    if ((view.getUint16(at + 2, true) & ATTRIBUTE_TYPE_MASK) === type) {
      return at + ATTRIBUTE_HEADER_BYTES;
    }
    at += align4(length);
  }
  return -1;
}

/** End of the attribute whose payload begins at `offset`, as `attributeOffset` found it. */
export function attributeEnd(view: DataView, offset: number): number {
  return offset - ATTRIBUTE_HEADER_BYTES + view.getUint16(offset - ATTRIBUTE_HEADER_BYTES, true);
}

/** The attribute `type` of a span as a span of its own (for nests), or `undefined`. */
export function attributeSpan(span: Span, type: number): Span | undefined {
  const start = attributeOffset(span, type);
  if (start < 0) return undefined;
  return { view: span.view, start, end: attributeEnd(span.view, start) };
}

/** A NUL-terminated ASCII string of at most `end - start` bytes. */
export function asciiAt({ view, start, end }: Span): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A u64 as a number: exact to 2^53, which is 9 PB of a byte counter. */
export function u64At(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000;
}

/** Header of one message. */
export interface MessageHeader {
  type: number;
  /** `NLM_F_*`. */
  flags: number;
  /** Sequence number, the same in request and answer. */
  sequence: number;
}

/** Builds one message into a buffer of its own. Requests here are below 512 bytes. */
export class MessageWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #length: number = NETLINK.headerBytes;

  /** @param capacity bytes; writing beyond it is a RangeError */
  constructor(header: MessageHeader, capacity = 512) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
    this.#view.setUint16(4, header.type, true);
    this.#view.setUint16(6, header.flags, true);
    this.#view.setUint32(8, header.sequence, true);
  }

  /** The fixed structure after the header, or the payload of an attribute, as 32 bit words. */
  words(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#length, value >>> 0, true);
      this.#length += 4;
    }
    return this;
  }

  /** An attribute with the given payload, padded to 4 bytes. */
  attribute(type: number, payload: Uint8Array): this {
    this.#attributeHeader(type, payload.length);
    this.#bytes.set(payload, this.#length);
    this.#length = align4(this.#length + payload.length);
    return this;
  }

  /** An attribute that holds one u32. */
  attributeU32(type: number, value: number): this {
    this.#attributeHeader(type, 4);
    return this.words(value);
  }

  /** An attribute that holds one u64. */
  attributeU64(type: number, value: number): this {
    this.#attributeHeader(type, 8);
    return this.words(value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000));
  }

  /** An attribute that holds a NUL-terminated ASCII string. */
  attributeText(type: number, text: string): this {
    const payload = new Uint8Array(text.length + 1);
    for (let at = 0; at < text.length; at++) payload[at] = text.charCodeAt(at);
    return this.attribute(type, payload);
  }

  /** An attribute that holds the attributes which `fill` writes. */
  nest(type: number, fill: (writer: MessageWriter) => void): this {
    const start = this.#length;
    this.#attributeHeader(type, 0);
    fill(this);
    this.#view.setUint16(start, this.#length - start, true);
    return this;
  }

  /** The finished message. */
  finish(): Uint8Array {
    this.#view.setUint32(0, this.#length, true);
    return this.#bytes.subarray(0, this.#length);
  }

  #attributeHeader(type: number, payloadBytes: number): void {
    this.#view.setUint16(this.#length, ATTRIBUTE_HEADER_BYTES + payloadBytes, true);
    this.#view.setUint16(this.#length + 2, type, true);
    this.#length += ATTRIBUTE_HEADER_BYTES;
  }
}

/** Round up to a multiple of 4 (`NLMSG_ALIGN`). */
export function align4(length: number): number {
  return (length + 3) & ~3;
}
