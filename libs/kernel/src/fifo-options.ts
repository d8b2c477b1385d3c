import type { Span } from './netlink-message.ts';

/** `struct tc_fifo_qopt` of bfifo (bytes) and pfifo (packets): one u32. */
export function decodeFifoOptions({ view, start, end }: Span): number | undefined {
  return start + 4 <= end ? view.getUint32(start, true) : undefined;
}

/** @param limit bytes for bfifo, packets for pfifo */
export function encodeFifoOptions(limit: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, limit, true);
  return bytes;
}
