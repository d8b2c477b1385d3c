import { describe, expect, it } from 'vitest';
import { MeanWait } from './mean-wait.ts';

const totals = (transactions: number, waitUs: number) => [
  { database: 'app', transactions, waitUs },
];

describe('MeanWait', () => {
  it('is the wait of the transactions since the look before', () => {
    const mean = new MeanWait('app');
    expect(mean.take(totals(100, 9e6))).toBe(0);
    expect(mean.take(totals(110, 11e6))).toBeCloseTo(0.2);
    expect(mean.take(totals(110, 11e6))).toBe(0);
    expect(mean.take([])).toBe(0);
  });

  it('begins anew with a count that begins anew', () => {
    const mean = new MeanWait('app');
    mean.take(totals(100, 9e6));
    expect(mean.take(totals(5, 1e6))).toBe(0);
    mean.forget();
    expect(mean.take(totals(50, 2e6))).toBe(0);
  });
});
