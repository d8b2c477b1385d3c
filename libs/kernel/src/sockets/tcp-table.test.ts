import { expect, it } from 'vitest';
import { parseTcpTable } from './tcp-table.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid';
const row = (local: string, state: string, inode: string) =>
  `   0: ${local} 0100007F:C350 ${state} 00000000:00000000 00:00000000 00000000     0        0 ` +
  `${inode} 1 0000000000000000 100 0 0 10 0`;

it('port, state and inode are read, of IPv4 and of IPv6', () => {
  const six = '00000000000000000000000001000000:1F90';
  const text = [HEAD, row('0100007F:1F90', '01', '4711'), row(six, '0A', '12'), ''].join('\n');
  expect(parseTcpTable(text)).toEqual([
    { localPort: 8080, state: 1, inode: 4711 },
    { localPort: 8080, state: 10, inode: 12 },
  ]);
});

it('rows that are cut off or hold nonsense are left out', () => {
  const cut = row('0100007F:1F90', '01', '4711').slice(0, 40);
  const text = [HEAD, cut, row('0100007F:zz', '01', '1'), row('0100007F:1', '01', 'x')].join('\n');
  expect(parseTcpTable(text)).toEqual([]);
  expect(parseTcpTable('')).toEqual([]);
});
