import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counterGrowth, type Direction, parseNetDev, parseTcpOpens } from './proc-net.ts';

const netDev = `Inter-|   Receive                       |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
    lo: 1000      10    0    1    0     0          0    0     2000      20    0    2 0 0 0 0
eth0:18446744073709551615 1 0 0 0 0 0 0 30 3 0 5 0 0 0 0
veth1.5@if3: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0
broken: 1 2 3
`;

const snmp = `Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails
Tcp: 1 200 120000 -1 100 23 4
`;

const wanted = new Set(['lo', 'eth0', 'veth1.5@if3', 'broken']);

const read = (direction: Direction, text = netDev) => parseNetDev(text, { direction, wanted });

it('reads bytes, packets and drops of either direction', () => {
  expect(read('transmit').get('lo')).toEqual({
    bytes: 2000n,
    packets: 20n,
    dropped: 2n,
  });
  expect(read('receive').get('lo')?.bytes).toBe(1000n);
});

it('reads a 64 bit counter exactly, glued to the name as old kernels print it', () => {
  expect(read('receive').get('eth0')?.bytes).toBe(18446744073709551615n);
});

it('leaves out what does not read as an interface', () => {
  expect([...read('transmit').keys()]).toEqual(['lo', 'eth0', 'veth1.5@if3']);
});

it('reads what is wanted of a host with 10,000 interfaces', () => {
  const line = (index: number) => `veth${index}: ${'1 '.repeat(16)}`;
  const text = Array.from({ length: 10_000 }, (_, index) => line(index)).join('\n');
  const one = parseNetDev(text, { direction: 'receive', wanted: new Set(['veth9999']) });
  expect([...one.keys()]).toEqual(['veth9999']);
});

it('any text gives a map and no exception', () => {
  fc.assert(fc.property(fc.string(), (text) => read('receive', text).size >= 0));
  fc.assert(fc.property(fc.string(), (text) => parseTcpOpens(`Tcp: ${text}\n`) !== null));
});

it('connections are those opened and those accepted', () => {
  expect(parseTcpOpens(snmp)).toBe(123n);
  expect(parseTcpOpens('Ip: 1\n')).toBeUndefined();
});

it.each([
  ['grows', 5n, 9n, 4],
  ['stands', 5n, 5n, 0],
  ['wraps at 32 bits', (1n << 32n) - 10n, 5n, 15],
  ['wraps at 64 bits', (1n << 64n) - 1n, 0n, 1],
  ['is reset', 1_000_000n, 5n, undefined],
  ['is reset from above 32 bits', 1n << 40n, 0n, undefined],
])('a counter that %s', (_name, previous, current, growth) => {
  expect(counterGrowth({ previous, current })).toBe(growth);
});
