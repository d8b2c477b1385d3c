import type { predictor } from '@levitate/contracts';
import { describe, expect, it } from 'vitest';
import { decisionText, heldText, sizeText } from './decision-text.ts';

const decision = {
  law: 'LAW_REACTIVE' as const,
  beforeBytes: 524_288,
  wishedBytes: 700_000,
  allowedBytes: 655_360,
  reasons: ['above-setpoint', 'latency-budget'],
  utilisation: 1.234,
  unit: '',
};

describe('decisionText', () => {
  it('says what was done and why in one sentence', () => {
    expect(decisionText({ decision, forecast: undefined, nowUnixMs: 0 })).toBe(
      'Raise 512 KB to 640 KB: it is fuller than its setpoint (utilisation 123 %); ' +
        'the latency budget binds.',
    );
  });

  it('says when the burst is expected, on the clock of the samples', () => {
    const forecast = {
      madeUnixMs: 1_000,
      timeToBurstSeconds: 3,
      burstPredicted: true,
      model: 'periodic@1',
      confidence: 0.98,
    } as predictor.BurstForecast;
    const expected = { ...decision, law: 'LAW_PREDICTIVE' as const, reasons: ['burst-expected'] };
    expect(decisionText({ decision: expected, forecast, nowUnixMs: 2_500 })).toBe(
      'Raise 512 KB to 640 KB: a burst is expected (in 1.5 s, periodic@1, confidence 0.98).',
    );
  });

  it('says what was wished where nothing changed, and why not', () => {
    const kept = {
      ...decision,
      allowedBytes: 524_288,
      wishedBytes: 300 * 1_024,
      reasons: ['below-setpoint', 'change-rate'],
    };
    expect(decisionText({ decision: kept, forecast: undefined, nowUnixMs: 0 })).toBe(
      'Keep 512 KB instead of 300 KB: it needs less than it holds (utilisation 123 %); ' +
        'not applied: the change allowance is used up.',
    );
  });

  it('counts other resources in their own unit', () => {
    expect(sizeText(24, 'threads')).toBe('24 threads');
    expect(sizeText(1_200.04, 'requests/s')).toBe('1,200 requests/s');
    expect(sizeText(1_048_576, 'bytes')).toBe('1,024 KB');
  });

  it('groups the digits of large sizes', () => {
    expect([0, 1_024, 16_777_216, 1_073_741_824].map((size) => sizeText(size))).toEqual([
      '0 KB',
      '1 KB',
      '16,384 KB',
      '1,048,576 KB',
    ]);
  });

  it('shows a reason it has no words for as it is', () => {
    expect(heldText('brand-new')).toBe('not applied: brand-new');
  });
});
