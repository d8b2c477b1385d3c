import { expect, it } from 'vitest';
import { decodeLink, encodeLinkDump } from './link-codec.ts';

// The beginning of an RTM_NEWLINK recorded from Linux 6.18.
const RECORDED = '00000100040000004310010000000000070003007131000008000d00e8030000';

function bytesOf(hex: string) {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  return { view: new DataView(bytes.buffer), start: 0, end: bytes.length };
}

it('a recorded interface reads with index and name', () => {
  expect(decodeLink(bytesOf(RECORDED))).toEqual({ ifindex: 4, name: 'q1' });
});

it('a message cut off within the name gives nothing', () => {
  for (let length = 0; length <= 44; length += 2) {
    expect(decodeLink(bytesOf(RECORDED.slice(0, length)))).toBeUndefined();
  }
});

it('names are asked for without the counters', () => {
  const hex = Buffer.from(encodeLinkDump(3)).toString('hex');
  expect(hex).toBe(`280000001200010303000000${'00'.repeat(20)}08001d0008000000`);
});
