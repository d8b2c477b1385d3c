/**
 * Write a varint of protocol buffers: seven bits a byte, the lowest first.
 * @param value whole, from 0 to 2^53 - 1
 * @returns where the next byte goes
 */
export function putVarint(into: Buffer, value: number, start: number): number {
  let rest = value;
  let at = start;
  while (rest >= 0x80) {
    into[at] = (rest % 0x80) + 0x80;
    rest = Math.floor(rest / 0x80);
    at += 1;
  }
  into[at] = rest;
  return at + 1;
}
