import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageWriter, NETLINK } from '../netlink-message.ts';
import {
  CLSACT_PARENT,
  decodeFilter,
  encodeFilterDump,
  FILTER_MESSAGE,
  type Filter,
} from './filter-codec.ts';

/** `TCA_KIND`, `TCA_OPTIONS`, and in those `TCA_BPF_ID`. */
const [KIND, OPTIONS, ID] = [1, 2, 11];
const filter: Filter = {
  ifindex: 7,
  parent: CLSACT_PARENT.egress,
  handle: 0x4c76,
  priority: 19_574,
  kind: 'bpf',
  programId: 193,
};

function messageOf({ ifindex, parent, handle, priority, kind, programId = 0 }: Filter) {
  const bytes = new MessageWriter({ type: FILTER_MESSAGE.newFilter, flags: 0, sequence: 1 })
    .words(0, ifindex, handle, parent, (priority << 16) | 0x300)
    .attributeText(KIND, kind)
    .nest(OPTIONS, (nest) => nest.attributeU32(ID, programId))
    .finish();
  return bytes.slice(NETLINK.headerBytes);
}

function decode(bytes: Uint8Array) {
  return decodeFilter({ view: new DataView(bytes.buffer), start: 0, end: bytes.length });
}

it('a filter is told by its place, its kind and its program', () => {
  expect(decode(messageOf(filter))).toEqual(filter);
  const { programId: _, ...other } = { ...filter, kind: 'flower' };
  expect(decode(messageOf(other))).toEqual(other);
});

it('what tells of a priority as such is no filter', () => {
  expect(decode(messageOf({ ...filter, handle: 0 }))).toBeUndefined();
});

it('a message cut off anywhere is no filter, or one without its program', () => {
  const whole = messageOf(filter);
  for (let length = 0; length < whole.length; length++) {
    const decoded = decode(whole.slice(0, length));
    if (decoded !== undefined) expect(decoded).toEqual({ ...filter, programId: undefined });
  }
});

it('no bytes at all make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decode(bytes.slice());
    }),
  );
});

it('a dump asks for one side of one interface', () => {
  const view = new DataView(encodeFilterDump(3, 7, CLSACT_PARENT.egress).slice().buffer);
  expect(view.getUint16(4, true)).toBe(FILTER_MESSAGE.getFilter);
  expect(view.getUint16(6, true)).toBe(NETLINK.flagRequest | NETLINK.flagDump);
  expect(view.getUint32(20, true)).toBe(7);
  expect(view.getUint32(28, true)).toBe(0xffff_fff3);
});
