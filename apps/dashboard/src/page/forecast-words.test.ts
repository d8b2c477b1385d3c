import { expect, it } from 'vitest';
import { forecastWords } from './forecast-words.ts';

const forecast = { madeUnixMs: 0, model: 'periodic@1', levelBytesPerSecond: [], abstained: [] };

it('a forecast says what it expects or why it abstains, and who made it', () => {
  const abstained = ['untrusted', 'new-code'];
  expect(forecastWords({ ...forecast, burst: null, abstained })).toBe(
    'No burst predicted: not trusted yet, new-code · periodic@1',
  );
  expect(forecastWords({ ...forecast, burst: null })).toBe('No burst predicted · periodic@1');
  const burst = { confidence: 0.874 } as never;
  expect(forecastWords({ ...forecast, burst })).toBe('Burst predicted, 87 % · periodic@1');
});
