import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it('seconds, minutes and hours are read', () => {
  expect(['90s', '30m', '2h', '1.5m', '24h'].map(parseDuration)).toEqual([
    90, 1800, 7200, 90, 86_400,
  ]);
});

it('anything else, nothing at all and more than a day are refused with the form', () => {
  for (const text of ['', '30', 'm', '-1m', '0s', '25h', '1d', '1m30s']) {
    expect(() => parseDuration(text), text).toThrow(`"${text}" is not a time from 1s to 24h`);
  }
});
