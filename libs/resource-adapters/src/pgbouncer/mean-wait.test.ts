import { describe, expect, it } from 'vitest';
import { MeanWait } from './mean-wait.ts';

const totals = (transactions: number, waitUs: number) => [
  { database: 'app', transactions, waitUs },
];

/** What it says after these looks. */
function said(mean: MeanWait, ...looks: Parameters<MeanWait['look']>[0][]): number {
  for (const look of looks) mean.look(look);
  return mean.seconds;
}

describe('MeanWait', () => {
  it('is the wait of the transactions between the last two looks', () => {
    const mean = new MeanWait('app');
    expect(said(mean)).toBe(0);
    expect(said(mean, totals(100, 9e6))).toBe(0);
    expect(said(mean, totals(110, 11e6))).toBeCloseTo(0.2);
    expect(said(mean, totals(110, 11e6))).toBe(0);
    expect(said(mean, [])).toBe(0);
  });

  it('begins anew with a count that begins anew', () => {
    const mean = new MeanWait('app');
    expect(said(mean, totals(100, 9e6), totals(5, 1e6))).toBe(0);
    mean.forget();
    expect(said(mean, totals(50, 2e6))).toBe(0);
  });
});
