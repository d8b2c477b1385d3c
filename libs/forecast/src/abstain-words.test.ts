import { expect, it } from 'vitest';
import { abstainWords } from './abstain-words.ts';

it('a reason is told in words, one that nobody knows as it is', () => {
  expect(abstainWords('untrusted')).toBe('not trusted yet');
  expect(abstainWords('eclipse')).toBe('eclipse');
  expect(abstainWords('toString')).toBe('toString');
});
