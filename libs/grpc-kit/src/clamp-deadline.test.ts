import { describe, expect, it } from 'vitest';
import { clampTimeout } from './clamp-deadline.ts';

describe('clampTimeout', () => {
  const hour = 3_600_000;

  it.each([
    ['1H', '1H'],
    ['2H', '3600000m'],
    ['99999999H', '3600000m'],
    ['99999999S', '3600000m'],
    ['99999999M', '3600000m'],
    ['5000m', '5000m'],
    ['99999999m', '3600000m'],
    ['99999999n', '99999999n'],
    ['nonsense', 'nonsense'],
    ['123456789S', '123456789S'],
  ])('%s becomes %s at most an hour', (given, kept) => {
    expect(clampTimeout(given, hour)).toBe(kept);
  });

  it('keeps a bound above 27 hours within eight digits', () => {
    expect(clampTimeout('99999999S', 172_800_000)).toBe('172800S');
  });
});
