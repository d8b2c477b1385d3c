import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isExactName, nameFilter } from './glob.ts';

it('a star is any number of characters, a question mark one, the rest itself', () => {
  const passed = (pattern: string, names: string[]) => names.filter(nameFilter([pattern]));
  expect(passed('eth*', ['eth0', 'eth', 'veth0'])).toEqual(['eth0', 'eth']);
  expect(passed('*-?', ['a-1', 'a-12', '-x'])).toEqual(['a-1', '-x']);
  expect(passed('a.b', ['a.b', 'axb'])).toEqual(['a.b']);
  expect(passed('*a*b*', ['ab', 'xaxbx', 'ba'])).toEqual(['ab', 'xaxbx']);
  expect(passed('', ['', 'a'])).toEqual(['']);
});

it('of several patterns one is enough, and none at all lets everything pass', () => {
  expect(['a', 'b', 'c'].filter(nameFilter(['a', 'c']))).toEqual(['a', 'c']);
  expect(['a', ''].filter(nameFilter([]))).toEqual(['a', '']);
});

it('agrees with the regular expression of the same meaning', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(word, name, (pattern, text) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      expect(nameFilter([pattern])(text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
  );
});

it('a pattern made to be slow is not', () => {
  expect(nameFilter([`${'*a'.repeat(60)}b`])('a'.repeat(128))).toBe(false);
});

it('a pattern without a wildcard means one name', () => {
  expect(['eth0', 'eth*', 'e?h'].map(isExactName)).toEqual([true, false, false]);
});
