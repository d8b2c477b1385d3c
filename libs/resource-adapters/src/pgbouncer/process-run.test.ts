import { describe, expect, it } from 'vitest';
import { ProcessRun } from './process-run.ts';

function look(consoles: number, transactions: number, connections: number, nowUnixMs: number) {
  const totals = [
    { database: 'pgbouncer', transactions: consoles, waitUs: 0 },
    { database: 'app', transactions, waitUs: 0 },
  ];
  return { totals, connections, nowUnixMs };
}

describe('ProcessRun', () => {
  it('stays the same while counts rise, and over a lost connection', () => {
    const run = new ProcessRun();
    expect(run.look(look(1, 0, 1, 10))).toBe(false);
    expect(run.look(look(1, 5, 1, 20))).toBe(false);
    expect(run.look(look(2, 5, 2, 30))).toBe(false);
    expect(run.name).toBe('seen-since-10');
  });

  it.each([
    ['we had to connect anew and are the first again', look(1, 5, 2, 20)],
    ['fewer have come to the console', look(3, 5, 2, 20)],
    ['transactions are gone', look(9, 4, 2, 20)],
    ['the database was not used yet', look(9, 0, 2, 20)],
  ])('is another when %s', (_, after) => {
    const run = new ProcessRun();
    const consoles = after.totals[0]?.transactions === 3 ? 5 : 1;
    run.look(look(consoles, 5, 1, 10));
    expect(run.look(after)).toBe(true);
    expect(run.name).toBe('seen-since-20');
  });
});
