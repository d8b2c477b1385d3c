import { expect, it } from 'vitest';
import { figuresOf } from './coherence-figures.ts';

const score = (set: string, errors: readonly number[], accuracy: Record<string, number>) => ({
  set,
  windows: errors.length,
  accuracy,
  outcomes: errors.map((error, index) => ({
    actual: 100,
    forecast: 100 + error,
    coherence: 1 - index / 10,
  })),
});

it('takes the worst set for coherence and all sets for the LSTM', () => {
  const { metrics, baseline } = figuresOf([
    score('4g', [1, 1, 3, 3], { liquid: 0.8, lstm: 0.75 }),
    score('5g', [2, 2, 2, 2], { liquid: 0.6, lstm: 0.65 }),
  ]);
  expect(metrics.risk_top_half_vs_all).toBeCloseTo(1, 12);
  expect(metrics.vs_lstm_equal_size).toBeCloseTo(0.6 / 0.6, 12);
  expect(baseline.sets).toMatchObject([{ set: '4g', risk_top_half_wape: 0.5 }, { set: '5g' }]);
});
