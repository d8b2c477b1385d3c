import { expect, it } from 'vitest';
import { forecastLine, forecastWords, unusedWord } from './forecast-words.ts';

const forecast = { madeUnixMs: 0, model: 'periodic@1', levelBytesPerSecond: [], abstained: [] };

it('a forecast says what it expects or why it abstains, and who made it', () => {
  const abstained = ['not trusted yet', 'new-code'];
  expect(forecastWords({ ...forecast, burst: null, abstained })).toBe(
    'No burst predicted: not trusted yet, new-code · periodic@1',
  );
  expect(forecastWords({ ...forecast, burst: null })).toBe('No burst predicted · periodic@1');
  const burst = { confidence: 0.874 } as never;
  expect(forecastWords({ ...forecast, burst })).toBe('Burst predicted, 87 % · periodic@1');
});

it('every lane says of forecasts what there is, or why there is none', () => {
  const lane = (kind: 'reactive' | 'predictive' | 'uncontrolled', forecastUnusedReason = '') => ({
    ...{ kind, forecast: null, control: { forecastUnusedReason } as never },
  });
  expect(forecastLine(lane('reactive'))).toBe('No forecast: this lane only reacts');
  expect(forecastLine(lane('uncontrolled'))).toBe('No forecast');
  expect(forecastLine(lane('predictive'))).toBe('No forecast has come yet');
  const gone = lane('predictive', 'predictor-gone');
  expect(forecastLine(gone)).toBe('No forecast: the predictor does not answer');
  const old = { ...lane('predictive', 'forecast-late'), forecast: { ...forecast, burst: null } };
  expect(forecastLine(old)).toBe('The newest forecast is old. No burst predicted · periodic@1');
  expect(forecastLine({ ...old, control: null })).toBe('No burst predicted · periodic@1');
  expect(unusedWord('new-code')).toBe('new-code');
});
