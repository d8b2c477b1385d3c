import { Network, openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { reportText } from './liquid-report.ts';

it('sets everybody beside the ensemble and says what coherence is worth', async () => {
  const layers = [{ kind: 'dense' as const, units: 1, activation: 'linear' as const }];
  const kernel = await openKernel('typescript');
  const rival = new Network({ steps: 1, features: 1, layers }, { kernel, seed: 1 });
  const outcomes = [
    { actual: 10, forecast: 11, coherence: 0.9 },
    { actual: 10, forecast: 13, coherence: 0.1 },
  ];
  const accuracy = { liquid: 0.8, lstm: 0.78, 'last value': 0.7 };
  const text = reportText({
    folder: '',
    seed: 1,
    settings: {
      members: 5,
      size: { units: 32, motors: 8, sparsity: 0.4 },
      updates: 10,
      batch: 2,
      learningRate: 0.01,
      rivalRates: [],
      senses: { roundTrip: true, loss: false, clock: false },
    },
    networks: [],
    rival,
    parameters: 1234,
    validation: [{ set: '4g', windows: 2, accuracy, outcomes }],
    test: [{ set: '4g', windows: 2, accuracy, outcomes }],
  });
  expect(text).toContain('| lstm | 0.7800 | 0.7800 |');
  expect(text).toContain(
    'They learn 1,234 numbers together; the LSTM\nbeside them learns 2, on all traces.',
  );
  expect(text).toContain('| 4g | 0.500 / 0.500 |');
});
