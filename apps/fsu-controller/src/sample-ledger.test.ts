import { describe, expect, it } from 'vitest';
import { SampleLedger } from './sample-ledger.ts';

describe('SampleLedger', () => {
  it('tells fresh samples, gaps, duplicates, late ones and a clock set back apart', () => {
    const ledger = new SampleLedger();
    const times = [1e6, 1e6 + 100, 1e6 + 100, 1e6 + 500, 1e6 + 300, 1e6 + 600, 9e5, 9e5 + 100];
    const outcomes = times.map((timeUnixMs) =>
      ledger.judge({ link: 'a', timeUnixMs, intervalMs: 100, origin: 'kernel' }),
    );
    expect(outcomes).toEqual([
      'fresh',
      'fresh',
      'duplicate',
      'after-gap',
      'late',
      'fresh',
      'clock-stepped-back',
      'fresh',
    ]);
  });
});
