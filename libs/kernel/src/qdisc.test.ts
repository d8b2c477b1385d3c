import { expect, it } from 'vitest';
import { handleText, notControllableReason, type Qdisc, ROOT_PARENT } from './qdisc.ts';

const tbf: Qdisc = {
  ifindex: 3,
  interface: 'v0',
  handle: 0x10000,
  parent: ROOT_PARENT,
  kind: 'tbf',
  sentBytes: 0,
  sentPackets: 0,
  dropped: 0,
  overlimits: 0,
  backlogBytes: 0,
  backlogPackets: 0,
  limitBytes: 60_000,
};

it.each([
  ['noqueue', { kind: 'noqueue', limitBytes: undefined }, /keeps no queue/],
  ['mq', { kind: 'mq', limitBytes: undefined }, /per hardware queue/],
  ['cake', { kind: 'cake', limitBytes: undefined }, /limit of cake is not one/],
  [
    'a default fifo',
    { kind: 'pfifo', limitBytes: undefined, limitPackets: 9, handle: 0 },
    /handle/,
  ],
])('%s is not controllable and says why', (_name, change, reason) => {
  expect(notControllableReason({ ...tbf, ...change })).toMatch(reason);
});

it('a tbf is controllable with the fifo it made itself, not with a child someone gave it', () => {
  const own: Qdisc = { ...tbf, kind: 'bfifo', handle: 0, parent: 0x10001 };
  expect(notControllableReason(tbf, [tbf, own])).toBeUndefined();
  const given: Qdisc = { ...own, kind: 'sfq', handle: 0x100000 };
  expect(notControllableReason(tbf, [tbf, given])).toMatch(/its child sfq 10:/);
  const elsewhere = { ...given, ifindex: 4 };
  expect(notControllableReason(tbf, [tbf, elsewhere])).toBeUndefined();
});

it('handles are written as tc writes them', () => {
  expect([0x10000, 0x8001_0010, ROOT_PARENT].map(handleText)).toEqual(['1:', '8001:10', 'root']);
});
